"""Who may see whom, groups and branches with their counts, locked sign-ins. Read-only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.accounts.services.sign_in import FAILURES_OF_A_NAME, WITHIN
from retention.core.audit.models import AuditEntry

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
class CountColumn:
    """A number beside a branch or a group, declared by an app above. count: {primary key: number} for all of them."""

    label: object
    count: Callable[..., dict[int, int]]
    address: Callable[[Any], str] | None = None
