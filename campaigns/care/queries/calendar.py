"""What the calendar shows: the counts of its kinds, and the days that come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from campaigns.audiences.days_of_year import coming
from campaigns.audiences.occasions import OCCASIONS
from campaigns.care.models import NOTICE, CareNotice
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.queries.nights import HIT_COUNTS, WINDOW_NIGHTS
from retention.core.accounts.models import User

DAYS_AHEAD = 60


def kinds_of(calendar: str, user: User) -> QuerySet[Scenario]:
    """The kinds that the person may see, those that are on first."""
    kinds = Scenario.objects.visible_to(user).filter(calendar=calendar).select_related("branch", "owner")
    return kinds.order_by("-enabled", "pk")


def counts_of(*, scenarios: Iterable[Scenario], user: User, until: date) -> dict[int, Mapping[str, Any]]:
    """{scenario id: hits of the last 30 nights and events, by state}. One query."""
    window = (until - timedelta(days=WINDOW_NIGHTS - 1), until)
    hits = ScenarioHit.objects.visible_to(user).filter(scenario__in=scenarios, on__range=window)
    return {row["scenario_id"]: row for row in hits.values("scenario_id").annotate(**HIT_COUNTS)}


@dataclass(frozen=True)
class Coming:
    """A day that comes. contact_on: when customers are contacted for it, this day or earlier."""

    day: date
    contact_on: date
    what: str
    kind: Scenario
    notice: CareNotice | None = None


def coming_days(*, kinds: Sequence[Scenario], user: User, today: date) -> list[Coming]:
    """Days of the year and notices of the kinds that are on, by date. One query."""
    on = [one for one in kinds if one.enabled]
    dated = [one for one in on if one.occasion in OCCASIONS and OCCASIONS[one.occasion].dated]
    found = [
        Coming(day, day - timedelta(days=one.days), text, one)
        for one in dated
        for day, text in coming(one.dates, first=today, days=DAYS_AHEAD)
    ]
    waiting = {one.pk: one for one in on if one.occasion == NOTICE}
    entered = CareNotice.objects.visible_to(user).filter(
        scenario__in=waiting, enabled=True, ends_on__gte=today, starts_on__lte=today + timedelta(days=DAYS_AHEAD)
    )
    for notice in entered.select_related("branch"):
        kind = waiting[notice.scenario_id]
        contact_on = max(today, notice.starts_on - timedelta(days=kind.days))
        found.append(Coming(notice.starts_on, contact_on, notice.title, kind, notice))
    return sorted(found, key=lambda one: (one.day, one.kind.pk))
