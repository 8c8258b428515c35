"""The way from those whom a rule finds to those who are contacted, as counts: of a night, and by branch."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from django.db.models import Count

from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from retention.core.accounts.models import Branch, User

# In the order in which customers are left out; "refused" is by the contact gate.
LEFT_OUT = (*(one for one in ScenarioRun.LEFT_OUT if one != "capped"), "refused", "capped", "held_out")


@dataclass
class Funnel:
    """lines: found by the rule; all else is customers. left_out: by one of LEFT_OUT; refused: by RefusalReason;
    done: those who are left, by what came of them."""

    lines: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)

    @property
    def customers(self) -> int:
        return self.left_out.total() + self.done.total()

    @property
    def passed(self) -> int:
        """Customers who were not left out."""
        return self.done.total()

    def steps(self) -> list[tuple[str, int, int]]:
        """(one of LEFT_OUT, customers left out there, customers that remain after it)."""
        rows, remain = [], self.customers
        for reason in LEFT_OUT:
            remain -= self.left_out[reason]
            rows.append((reason, self.left_out[reason], remain))
        return rows

    def refuse(self, reason: str, customers: int) -> None:
        self.left_out["refused"] += customers
        self.refused[reason] += customers

    def add(self, other: Self) -> None:
        self.lines += other.lines
        for name in ("left_out", "refused", "done"):
            getattr(self, name).update(getattr(other, name))


def total(by_branch: Mapping[int, Funnel]) -> Funnel:
    whole = Funnel()
    for one in by_branch.values():
        whole.add(one)
    return whole


def night_funnels(*, scenario: Scenario, user: User, on: date) -> dict[int, Funnel]:
    """{branch id: the funnel of that night there} of the branches that the person may see. done: by state of the hit.

    What became of the hits is as it stands now. Of nights of earlier releases it is not known who was left out before.
    """
    seen = set(Branch.objects.visible_to(user).values_list("pk", flat=True))
    found: dict[int, Funnel] = {}
    run = ScenarioRun.objects.filter(scenario=scenario, on=on).first()
    for branch, lines in (run.found_by_branch if run else {}).items():
        if int(branch) in seen:
            kept = Counter((run.left_out if run else {}).get(branch, {}))
            done = Counter({one: kept.pop(one) for one in (ScenarioRun.COUNTED,) if one in kept})
            found[int(branch)] = Funnel(lines, left_out=kept, done=done)
    hits = ScenarioHit.objects.visible_to(user).filter(scenario=scenario, on=on, event=None)
    for branch, state, reason, number in hits.values_list("branch", "state", "reason").annotate(n=Count("pk")):
        funnel = found.setdefault(branch, Funnel())
        if state == ScenarioHit.State.REFUSED:
            funnel.refuse(reason, number)
        elif state == ScenarioHit.State.HELD_OUT:
            funnel.left_out["held_out"] += number
        else:
            funnel.done[state] += number
    return found


def by_area(by_branch: Mapping[int, Funnel], *, scenario: Scenario, user: User) -> list[tuple[Branch, Funnel]]:
    """The funnels of the branches right below the person's, or the scenario's where that lies lower, in their order."""
    areas = Branch.objects.areas_of(user, within=scenario.branch)
    found: dict[Branch, Funnel] = {}
    for pk, funnel in by_branch.items():
        if pk in areas:
            found.setdefault(areas[pk], Funnel()).add(funnel)
    return sorted(found.items(), key=lambda row: row[0].path)
