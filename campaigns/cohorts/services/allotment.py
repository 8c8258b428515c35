"""Who answers for which members: shared out evenly, given by hand, shared out anew when an owner leaves.

Every change of an owner is a row of CohortHandover; one statement changes both. Two who allot one cohort wait for one
another: the second finds the members taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.cohorts.models import Cohort, CohortHandover, CohortMember
from customers.facts.models import Subscriber
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.audit import services as audit
from retention.core.db.inline import inline
from retention.core.errors import Conflict, Invalid, Refused
from retention.core.managed.queries import find_row

Reason = CohortHandover.Reason
OWNER_ROLES = (Role.AGENT, Role.SUPERVISOR)
MEMBERS, BRANCHES, PEOPLE = CohortMember._meta.db_table, Branch._meta.db_table, User._meta.db_table
_WRITE = f"""
, moved AS (
    UPDATE {MEMBERS} m SET owner_id = chosen.owner_id FROM chosen
    WHERE m.id = chosen.id AND m.owner_id IS DISTINCT FROM chosen.owner_id
    RETURNING m.id, m.owner_id
)
INSERT INTO {CohortHandover._meta.db_table} (member_id, owner_id, at, by_id, reason)
SELECT id, owner_id, %(now)s, %(by)s, %(reason)s FROM moved ORDER BY id
"""
_GIVE = "WITH chosen AS (SELECT q.id, %(owner)s::bigint AS owner_id FROM ({members}) q)" + _WRITE
# The owners nearest to a member: those of the deepest branch at or above its own. What belongs together, a customer or
# a group, goes to one of them as a unit; the units that are worth most are dealt out first, back and forth.
_SHARE_OUT = f"""
WITH owners AS (
    SELECT u.id, b.path, row_number() OVER home - 1 AS seat, count(*) OVER (PARTITION BY b.path) AS seats
    FROM {PEOPLE} u JOIN {BRANCHES} b ON b.id = u.branch_id WHERE u.id = ANY(%(owners)s)
    WINDOW home AS (PARTITION BY b.path ORDER BY u.id)
), homes AS (
    SELECT b.id AS branch_id, (
        SELECT o.path FROM owners o WHERE starts_with(b.path, o.path) ORDER BY length(o.path) DESC LIMIT 1
    ) AS home
    FROM {BRANCHES} b
), open AS (
    SELECT m.id, m.base_revenue, h.home, {{unit}} AS unit
    FROM ({{members}}) q JOIN {MEMBERS} m USING (id) JOIN homes h USING (branch_id)
    JOIN {Subscriber._meta.db_table} s ON s.id = m.subscriber_id
    WHERE h.home IS NOT NULL
), units AS (
    SELECT home, unit, row_number() OVER (PARTITION BY home ORDER BY sum(base_revenue) DESC, unit) - 1 AS place
    FROM open GROUP BY home, unit
), chosen AS (
    SELECT open.id, o.id AS owner_id
    FROM open JOIN units USING (home, unit) JOIN owners o ON o.path = open.home
      AND o.seat = CASE (units.place / o.seats) %% 2 WHEN 0 THEN units.place %% o.seats
                   ELSE o.seats - 1 - units.place %% o.seats END
){_WRITE}
"""
BY_CUSTOMER, BY_GROUP = "'c' || m.customer_id", "coalesce('g' || s.group_id, 'c' || m.customer_id)"


@dataclass(frozen=True)
class Allotted:
    """members: given an owner now. left: still without one, since no owner's branch is at or above theirs."""

    members: int
    left: int


def possible_owners(user: User) -> QuerySet[User]:
    """The people to whom this person may give members: active agents and supervisors of the own branch and below."""
    people = User.objects.filter(is_active=True, role__in=OWNER_ROLES, branch__in=Branch.objects.visible_to(user))
    return people.select_related("branch").order_by("branch__path", "username")


@transaction.atomic
def share_out(*, actor: User, code: str, owners: Sequence[User], keep_groups: bool, now: datetime) -> Allotted:
    """Give the members without an owner that the actor sees to the owners, evenly by worth and within branches.

    A customer's lines go to one owner; with keep_groups all lines of an enterprise or family group do. Invalid without
    owners, for those who cannot be, and for a draft; Refused without the permission.
    """
    row = _lock(actor, code)
    if not owners:
        raise _wrong("owners", _("Choose at least one owner."))
    _require_owners(actor, owners)
    mine = row.lines.visible_to(actor).filter(owner=None)
    given = _share(mine, owners, keep_groups=keep_groups, reason=Reason.ALLOTTED, now=now, by=actor)
    left = mine.count()
    names = sorted(one.username for one in owners)
    audit.record(actor=actor, action="cohort.allot", target=row, owners=names, members=given, left=left)
    return Allotted(given, left)


@transaction.atomic
def give_members(*, actor: User, code: str, members: QuerySet[CohortMember], owner: User | None, now: datetime) -> int:
    """Give members to one owner, None for nobody; those that the actor does not see are left out. Returns how many
    changed hands. Errors as share_out."""
    row = _lock(actor, code)
    if owner is not None:
        _require_owners(actor, [owner])
    mine = row.lines.visible_to(actor).filter(pk__in=members.order_by().values("pk"))
    given = _give(mine, owner, reason=Reason.BY_HAND, now=now, by=actor)
    name = owner.username if owner else None
    audit.record(actor=actor, action="cohort.allot", target=row, owners=[name], members=given, by_hand=True)
    return given


def share_out_again(*, user: User, now: datetime) -> int:
    """After a change of a person: members that he can no longer own go to the other owners of their cohort, and stay
    without one where there is none. Returns how many he has lost."""
    owned = CohortMember.objects.filter(owner=user)
    if user.is_active and user.role in OWNER_ROLES:
        owned = owned.exclude(branch__in=Branch.objects.under(user.branch).values("pk"))
    lost = 0
    for cohort in Cohort.objects.filter(pk__in=owned.values("cohort")).order_by("pk").select_for_update(no_key=True):
        mine = owned.filter(cohort=cohort)
        others = User.objects.filter(is_active=True, role__in=OWNER_ROLES, cohort_members__cohort=cohort).distinct()
        lost += _share(mine, list(others), keep_groups=False, reason=Reason.OWNER_LEFT, now=now, by=None)
        lost += _give(mine, None, reason=Reason.OWNER_LEFT, now=now, by=None)
    return lost


def _lock(actor: User, code: str) -> Cohort:
    if not actor.may(Cohort.edit_permission):
        raise Refused(_("Your role does not include this."))
    row = find_row(model=Cohort, actor=actor, code=code, lock=True)
    if row.frozen_on is None:
        raise Conflict(_("The cohort has no members yet: freeze it first."), code="not_frozen")
    return row


def _require_owners(actor: User, owners: Sequence[User]) -> None:
    able = set(possible_owners(actor).filter(pk__in=[one.pk for one in owners]).values_list("pk", flat=True))
    if unable := [one.display_name for one in owners if one.pk not in able]:
        raise _wrong("owners", _("%(name)s cannot own members of a cohort.") % {"name": unable[0]})


def _share(
    members: QuerySet, owners: Sequence[User], *, keep_groups: bool, reason: str, now: datetime, by: User | None
) -> int:
    sql = _SHARE_OUT.replace("{unit}", BY_GROUP if keep_groups else BY_CUSTOMER)
    return _write(sql, members, reason=reason, now=now, by=by, owners=[one.pk for one in owners])


def _give(members: QuerySet, owner: User | None, *, reason: str, now: datetime, by: User | None) -> int:
    return _write(_GIVE, members, reason=reason, now=now, by=by, owner=owner and owner.pk)


def _write(sql: str, members: QuerySet, *, reason: str, now: datetime, by: User | None, **more: Any) -> int:
    select, params = inline(members.order_by().values("id"), "members")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.replace("{members}", select), params | {"now": now, "by": by and by.pk, "reason": reason, **more}
        )
        return int(cursor.rowcount)


def _wrong(field: str, text: str) -> Invalid:
    return Invalid(text, code="not_an_owner", details=[{"field": field, "code": "not_an_owner", "message": text}])
