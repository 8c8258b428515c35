"""Pauses as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from retention.core.accounts.models import User
from workorders.pauses.models import Pause, PauseCode, WrapUp


@dataclass(frozen=True)
class PauseDay:
    """The pauses of an agent on one day. total: seconds that they lasted; worked: those of them that count as work."""

    pauses: list[Pause]
    total: int
    worked: int


def usable_codes() -> list[PauseCode]:
    return list(PauseCode.objects.filter(active=True))


def running_pause(agent: User) -> Pause | None:
    return Pause.objects.running().filter(agent=agent).select_related("code").first()


def running_pauses(agents: Sequence[User]) -> dict[int, Pause]:
    """{user id: the pause that runs}."""
    return {one.agent_id: one for one in Pause.objects.running().filter(agent__in=agents).select_related("code")}


def running_wrap_up(agent: User, *, now: datetime) -> WrapUp | None:
    return WrapUp.objects.running(now=now).filter(agent=agent).order_by("-began_at").first()


def running_wrap_ups(agents: Sequence[User], *, now: datetime) -> dict[int, WrapUp]:
    """{user id: the wrap-up that runs}."""
    return {one.agent_id: one for one in WrapUp.objects.running(now=now).filter(agent__in=agents).order_by("began_at")}


def pauses_of_day(agent: User, *, day: date, now: datetime) -> PauseDay:
    pauses = list(Pause.objects.of_day(agent, day=day))
    lengths = [(int(one.length(now=now).total_seconds()), one.code.worked) for one in pauses]
    return PauseDay(
        pauses, sum(seconds for seconds, _worked in lengths), sum(seconds for seconds, worked in lengths if worked)
    )
