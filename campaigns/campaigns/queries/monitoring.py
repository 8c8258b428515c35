"""How far a campaign has come: its members by state, wave and branch, and what came of their orders."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Min, QuerySet

from campaigns.campaigns.channels import PROGRESS, Progress
from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.queries.drawing import origin_of
from campaigns.campaigns.states import Arm, MemberState
from campaigns.outreach.models import Contamination
from retention.core.accounts.models import Branch, User

WAITING = (MemberState.WAITING, MemberState.DUE, MemberState.RESTING)


@dataclass
class Standing:
    """Members of one branch, or all. states: of the treated; refused: by RefusalReason."""

    control: int = 0
    states: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    progress: Progress = field(default_factory=Progress)

    @property
    def target(self) -> int:
        return self.states.total()

    @property
    def waiting(self) -> int:
        return sum(self.states[state] for state in WAITING)

    @property
    def allowed(self) -> int:
        """Whom the contact rules let contact so far: with an order, also one that was taken back."""
        return self.states[MemberState.OPENED]

    def add(self, other: "Standing") -> None:
        self.control += other.control
        self.states.update(other.states)
        self.refused.update(other.refused)
        self.progress.add(other.progress)


@dataclass(frozen=True)
class Monitor:
    """Of the members that a person may see. cost: yuan of the orders opened, None without a figure."""

    whole: Standing
    by_branch: Mapping[int | None, Standing]
    waves: list[dict[str, object]]
    cost: Decimal | None
    contaminated: int


def monitor(campaign: Campaign, *, user: User) -> Monitor:
    members = CampaignMember.objects.filter(campaign=campaign).visible_to(user)
    by_branch = _by_branch(members)
    whole = Standing()
    for one in by_branch.values():
        whole.add(one)
    cost = None if campaign.contact_cost is None else campaign.contact_cost * whole.allowed
    contaminated = Contamination.objects.filter(
        origin=origin_of(campaign), customer__in=members.values("customer")
    ).count()
    return Monitor(whole, by_branch, _waves(members), cost, contaminated)


def _by_branch(members: QuerySet[CampaignMember]) -> dict[int | None, Standing]:
    found: dict[int | None, Standing] = {}
    rows = members.order_by().values_list("branch", "arm", "state", "reason").annotate(n=Count("pk"))
    for branch, arm, state, reason, number in rows:
        one = found.setdefault(branch, Standing())
        if arm == Arm.CONTROL:
            one.control += number
            continue
        one.states[state] += number
        if state == MemberState.REFUSED:
            one.refused[reason] += number
    for progress in PROGRESS.values():
        for branch, made in progress(members).items():
            found[branch].progress.add(made)
    return found


def _waves(members: QuerySet[CampaignMember]) -> list[dict[str, object]]:
    """Of each wave: `on` (when it was opened, None before), members by state, and the control in it."""
    waves: dict[int, dict[str, object]] = {}
    for wave, on in members.order_by("wave").values_list("wave").annotate(on=Min("launched_on")):
        waves[wave] = {"wave": wave, "on": on, "control": 0, **dict.fromkeys(MemberState.values, 0)}
    for wave, arm, state, number in members.order_by().values_list("wave", "arm", "state").annotate(n=Count("pk")):
        waves[wave]["control" if arm == Arm.CONTROL else state] = number
    return list(waves.values())


def by_area(monitor: Monitor, *, user: User) -> list[tuple[Branch, Standing]]:
    """Of the branches right below the person's own, each with those below it, in their order."""
    areas = Branch.objects.areas_of(user)
    found: dict[Branch, Standing] = {}
    for pk, standing in monitor.by_branch.items():
        if pk in areas:
            found.setdefault(areas[pk], Standing()).add(standing)
    return sorted(found.items(), key=lambda row: row[0].path)
