"""What happened on the nights of scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role

WINDOW_NIGHTS = 30
State = ScenarioHit.State


@dataclass
class Night:
    """found is of lines, the rest of customers; held: why the scenario did not run."""

    on: date
    found: int = 0
    new: int = 0
    opened: int = 0
    messaged: int = 0
    refused: int = 0
    reported: int = 0
    listed: int = 0
    cleared: int = 0
    waiting: int = 0
    held: str = ""


@dataclass
class Nights:
    """One scenario's nights up to `until`, oldest first; nights on which it did not run are missing."""

    until: date
    nights: list[Night] = field(default_factory=list)

    @property
    def last(self) -> Night | None:
        return self.nights[-1] if self.nights else None

    @property
    def trend(self) -> list[int | None]:
        """New hits by night over the whole window; None where it did not run."""
        new = {night.on: night.new for night in self.nights if not night.held}
        return [new.get(self.until - timedelta(days=back)) for back in reversed(range(WINDOW_NIGHTS))]

    def total(self, what: str) -> int:
        return sum(getattr(night, what) for night in self.nights)


def nights_of(*, scenarios: list[Scenario], user: User, until: date) -> dict[int, Nights]:
    """{scenario id: its nights of the last NIGHTS days}. Three queries, however many scenarios."""
    window = {"scenario__in": scenarios, "on__range": (until - timedelta(days=WINDOW_NIGHTS - 1), until)}
    seen = _visible_branches(user)
    nights: dict[tuple[int, date], Night] = {}
    result = {scenario.pk: Nights(until) for scenario in scenarios}
    runs = ScenarioRun.objects.filter(**window).order_by("on")
    for run in runs.only("scenario_id", "on", "found", "found_by_branch", "held_because"):
        night = Night(run.on, found=_visible_found(run, seen), held=run.held_because)
        nights[run.scenario_id, run.on] = night
        result[run.scenario_id].nights.append(night)
    for row in _count_hits(window, user):
        ran = nights.get((row["scenario_id"], row["on"]))
        if ran:
            vars(ran).update({name: row[name] for name in HIT_COUNTS})
    return result


def count_outcomes(*, scenario: Scenario, user: User, until: date) -> list[tuple[str, str, int]]:
    """(state, reason, hits) of the window, the most frequent first: how the scenario's hits ended."""
    hits = ScenarioHit.objects.visible_to(user).filter(
        scenario=scenario, on__range=(until - timedelta(days=WINDOW_NIGHTS - 1), until)
    )
    return list(hits.values_list("state", "reason").annotate(n=Count("pk")).order_by("-n", "state", "reason"))


HIT_COUNTS = {
    "new": Count("pk"),
    "opened": Count("pk", filter=Q(state=State.OPENED)),
    "messaged": Count("pk", filter=Q(state=State.MESSAGED)),
    "refused": Count("pk", filter=Q(state=State.REFUSED)),
    "reported": Count("pk", filter=Q(state=State.REPORTED)),
    "listed": Count("pk", filter=Q(state=State.LISTED)),
    "cleared": Count("pk", filter=Q(state=State.CLEARED)),
    "waiting": Count("pk", filter=Q(state__in=[State.PENDING, State.HELD])),
}


def _count_hits(window: dict, user: User) -> list[Mapping[str, Any]]:
    hits = ScenarioHit.objects.visible_to(user).filter(**window)
    return list(hits.values("scenario_id", "on").annotate(**HIT_COUNTS))


def _visible_branches(user: User) -> set[str] | None:
    """Ids of the branches whose counts the person may see, as the runs keep them; None for all."""
    if user.role == Role.ADMINISTRATOR:
        return None
    return {str(pk) for pk in Branch.objects.visible_to(user).values_list("pk", flat=True)}


def _visible_found(run: ScenarioRun, seen: set[str] | None) -> int:
    if seen is None:
        return run.found
    return sum(found for branch, found in run.found_by_branch.items() if branch in seen)
