"""Who may see whom, groups and branches with their counts, locked sign-ins. Read-only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from retention.core.accounts.services.sign_in import FAILURES_OF_A_NAME, WITHIN
from retention.core.audit.models import AuditEntry
from retention.core.registry import Registry

PERSON_ACTIONS = ("staff.change", "staff.password", "session.unlock")


class PeopleQuerySet(models.QuerySet[User]):
    def visible_to(self, user: User) -> Self:
        """Administrators see everybody; supervisors themselves and their groups; others their branch and below."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role == Role.SUPERVISOR:
            mates = User.teams.through.objects.filter(team__in=user.teams.values("pk")).values("user")
            return self.filter(Q(pk=user.pk) | Q(pk__in=mates))
        if user.branch is None:
            return self.filter(pk=user.pk)
        return self.filter(Q(pk=user.pk) | Q(branch__path__startswith=user.branch.path))

    def for_list(self) -> Self:
        return self.select_related("branch").prefetch_related("teams").order_by("username")

    def signed_in_before(self, moment: datetime) -> Self:
        """Those whose last sign-in lies before the moment; who never signed in is not among them."""
        return self.filter(last_login__lt=moment)

    def count_by_role(self) -> dict[str, int]:
        """{role: active people}."""
        counted = self.filter(is_active=True).order_by().values("role").annotate(people=Count("pk"))
        return {one["role"]: one["people"] for one in counted}


def people() -> PeopleQuerySet:
    return PeopleQuerySet(User)


def locked_names() -> set[str]:
    """User names whose sign-in is locked now, from some address or from everywhere: by the clock of the machine."""
    now = timezone.now()
    cool_off = timedelta(hours=settings.AXES_COOLOFF_TIME)
    tried = AccessAttempt.objects.filter(
        attempt_time__gt=now - cool_off, failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    failed = AccessFailureLog.objects.filter(attempt_time__gt=now - WITHIN).values("username")
    often = failed.annotate(times=Count("pk")).filter(times__gte=FAILURES_OF_A_NAME)
    return {*tried.values_list("username", flat=True), *(one["username"] for one in often)} - {None, ""}


def history_of_person(username: str) -> models.QuerySet[AuditEntry]:
    """What was done to the account, newest first."""
    return AuditEntry.objects.filter(target=f"user:{username}", action__in=PERSON_ACTIONS).select_related("actor")


@dataclass(frozen=True)
class Counted:
    """A number beside each branch or group, which an app above declares. meaning: a sentence for its heading.

    count: dotted path of a function of `user` that gives {primary key: number} of the rows that the person may see;
    of a branch its own, without those below. address: of the list of the same rows, with {code} of branch or group.
    """

    label: object
    meaning: object
    count: str
    address: str

    def numbers(self, user: User) -> dict[int, int]:
        found: dict[int, int] = import_string(self.count)(user=user)
        return found


BRANCH_COUNTS: Registry[str, Counted] = Registry("number beside a branch")
GROUP_COUNTS: Registry[str, Counted] = Registry("number beside a group")


@dataclass
class CountedRow:
    """A branch or group with its numbers: of people, and those of BRANCH_COUNTS or GROUP_COUNTS by their keys."""

    row: Any
    counts: dict[str, int]


def count_people(*, user: User) -> dict[int, int]:
    """{branch: active people of it}."""
    counted = people().visible_to(user).filter(is_active=True, branch__isnull=False).order_by().values("branch")
    return {one["branch"]: one["number"] for one in counted.annotate(number=Count("pk", distinct=True))}


def count_members(*, user: User) -> dict[int, int]:
    """{group: active people in it}."""
    found = User.teams.through.objects.filter(user__in=people().visible_to(user).filter(is_active=True).values("pk"))
    return {one["team"]: one["number"] for one in found.values("team").annotate(number=Count("pk"))}


ACTIVE_PEOPLE = _("Active accounts, of those you may see.")
PEOPLE_OF_BRANCH = Counted(
    _("People"), ACTIVE_PEOPLE, f"{__name__}.count_people", "/administration/people/?branch={code}&active=yes"
)
PEOPLE_OF_GROUP = Counted(
    _("Members"), ACTIVE_PEOPLE, f"{__name__}.count_members", "/administration/people/?team={code}&active=yes"
)


def branches_for(user: User) -> list[CountedRow]:
    """The branches that the person oversees, as a tree from the top; the numbers of a branch are with all below it."""
    rows = list(Branch.objects.visible_to(user).order_by("path"))
    return _counted(rows, {"people": PEOPLE_OF_BRANCH, **BRANCH_COUNTS}, user, inside=_paths_to(rows))


def groups_for(user: User) -> list[CountedRow]:
    """The groups that the person oversees, with their numbers."""
    return _counted(list(visible_groups(user)), {"people": PEOPLE_OF_GROUP, **GROUP_COUNTS}, user)


def visible_groups(user: User) -> models.QuerySet[Team]:
    """Administrators see all groups; supervisors their own; others those of their branch and below."""
    groups = Team.objects.select_related("branch")
    if user.role == Role.ADMINISTRATOR:
        return groups
    if user.role == Role.SUPERVISOR:
        return groups.filter(pk__in=user.teams.values("pk"))
    return groups.filter(branch__in=Branch.objects.under(user.branch).values("pk"))


def _counted(
    rows: list[Any], columns: dict[str, Counted], user: User, inside: dict[int, list[int]] | None = None
) -> list[CountedRow]:
    """inside: {row: rows in whose numbers its own are counted}; None: each only in its own."""
    found = {row.pk: CountedRow(row, dict.fromkeys(columns, 0)) for row in rows}
    for key, column in columns.items():
        for pk, number in column.numbers(user).items():
            for place in [pk] if inside is None else inside.get(pk, []):
                if place in found:
                    found[place].counts[key] += number
    return list(found.values())


def _paths_to(rows: list[Branch]) -> dict[int, list[int]]:
    """{branch: itself and those above it, as far as they are among the rows}. rows: ordered by path."""
    by_path = {row.path: row.pk for row in rows}
    found = {}
    for row in rows:
        steps = row.path.rstrip("/").split("/")
        above = ("/".join(steps[: place + 1]) + "/" for place in range(len(steps)))
        found[row.pk] = [by_path[path] for path in above if path in by_path]
    return found
