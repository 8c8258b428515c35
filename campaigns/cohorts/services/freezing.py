"""Freezing: the lines that the rule holds for on a date become the members, in one statement and for good."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.audiences.rules import as_q, fields_of, parse
from customers.cohorts.models import Cohort, CohortMember
from customers.facts.models import Account, Subscriber
from customers.fields.choices import ValueBand
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.queries.point_in_time import as_it_stood
from customers.profile.queries.snapshots import LATER_FIELDS, is_whole, snapshot_dates
from retention.core.accounts.models import Branch, User
from retention.core.audit import services as audit
from retention.core.db.inline import inline
from retention.core.errors import Conflict, Invalid
from retention.core.managed.queries import find_row
from retention.core.managed.services import StaleVersion, require_own_branch
from retention.core.ui import formats

# From this share of the base on the number must be typed: such a cohort shows nothing that the base does not.
NEARLY_ALL = 0.9
_FREEZE = f"""
{{shadows}}
INSERT INTO {CohortMember._meta.db_table}
    (cohort_id, subscriber_id, customer_id, branch_id, phone_number, value_band, base_revenue)
SELECT %(cohort)s, f.subscriber_id, a.customer_id, b.id, s.phone_number,
       CASE WHEN f.monthly_spend >= %(high_from)s THEN '{ValueBand.HIGH}'
            WHEN f.monthly_spend >= %(mid_from)s THEN '{ValueBand.MID}' ELSE '{ValueBand.LOW}' END,
       f.monthly_spend
FROM ({{found}}) f
JOIN {Subscriber._meta.db_table} s ON s.id = f.subscriber_id
JOIN {Account._meta.db_table} a ON a.id = s.account_id
JOIN {Branch._meta.db_table} b ON b.code = f.branch_code
"""


def freezable_dates(*, until: date) -> list[date]:
    """The date of the profile and the month ends with a snapshot, newest first."""
    newest = SubscriberProfile.objects.newest_date()
    return sorted({*snapshot_dates(until), *([newest] if newest else [])}, reverse=True)


@transaction.atomic
def freeze_cohort(
    *, actor: User, code: str, version: int, on: date, now: datetime, confirmed: int | None = None
) -> Cohort:
    """Make the lines that the rule holds for on a date the members for good, and switch the cohort on.

    on: the date of the profile, or a month end with a snapshot of the whole base. confirmed: the number of lines, typed
    by who freezes nearly the whole base. Conflict when it is frozen already; StaleVersion when the rule is a newer one;
    Invalid for another date, a rule that asks for what is not known of that date or catches nobody.
    """
    row = find_row(model=Cohort, actor=actor, code=code, lock=True)
    require_own_branch(row, actor)
    if row.frozen_on is not None:
        day = {"day": formats.moment(row.frozen_on)}
        raise Conflict(_("The cohort is frozen already, as of %(day)s.") % day, code="frozen_already")
    if row.version != version:
        raise StaleVersion(row, [])
    base = _lines(on, row)
    found = base.filter(as_q(row.rule))
    _require_some(row, on, found=found.count(), base=base.count(), confirmed=confirmed)
    with connection.cursor() as cursor:
        row.members = _insert(cursor, row, found, on)
    row.base_revenue = row.lines.aggregate(sum=Sum("base_revenue"))["sum"]
    row.frozen_on, row.frozen_at, row.frozen_by, row.enabled = on, now, actor, True
    row.save()
    audit.record(actor=actor, action="cohort.freeze", target=row, on=str(on), members=row.members)
    return row


def _lines(on: date, row: Cohort) -> QuerySet:
    """The profiles or snapshots of the date in the cohort's branch, each with `monthly_spend`."""
    lines: QuerySet
    if SubscriberProfile.objects.newest_date() == on:
        lines = SubscriberProfile.objects.filter(as_of=on)
    elif is_whole(on):
        lines = ProfileSnapshot.objects.filter(as_of=on)
        _require_known(row)
    else:
        text = _(
            "Nothing is kept of %(day)s: choose the newest night or a month end with a snapshot of the whole base."
        )
        raise _wrong("on", "no_profile", text % {"day": formats.moment(on)})
    if row.branch:
        lines = lines.filter(branch_code__in=Branch.objects.under(row.branch).values("code"))
    return lines.annotate(monthly_spend=MONTHLY_SPEND)


def _require_known(row: Cohort) -> None:
    """Month ends hold no scores, segments and cohorts: they came after the profile."""
    later = [field for field in fields_of(parse(row.rule)) if field.key in LATER_FIELDS]
    if later:
        text = _("The rule asks for “%(field)s”, which is known of the newest night only.") % {"field": later[0].label}
        raise _wrong("on", "not_known_then", text)


def _require_some(row: Cohort, on: date, *, found: int, base: int, confirmed: int | None) -> None:
    if not found:
        raise _wrong("on", "catches_nobody", _("On %(day)s the rule holds for nobody.") % {"day": formats.moment(on)})
    if found >= NEARLY_ALL * base and confirmed != found:
        text = ngettext(
            "The rule holds for %(found)s line of %(base)s, nearly all. Type that number to freeze it nevertheless.",
            "The rule holds for %(found)s lines of %(base)s, nearly all. Type that number to freeze them nevertheless.",
            found,
        )
        shown = {"found": formats.number(found), "base": formats.number(base)}
        raise _wrong("confirmed", "whole_base", text % shown)


def _insert(cursor: CursorWrapper, row: Cohort, found: QuerySet, on: date) -> int:
    cursor.execute("SET LOCAL work_mem = '128MB'")
    cursor.execute("SET LOCAL jit = off")
    shadows, known = as_it_stood(cursor, on=on)
    select, params = inline(found.values("subscriber_id", "branch_code", "monthly_spend"), "rule")
    sql = _FREEZE.format(shadows=shadows, found=select)
    own: dict[str, Any] = {"cohort": row.pk, "mid_from": row.mid_from, "high_from": row.high_from}
    cursor.execute(sql, params | known | own)
    return int(cursor.rowcount)


def _wrong(field: str, code: str, text: str) -> Invalid:
    return Invalid(text, code=code, details=[{"field": field, "code": code, "message": text}])
