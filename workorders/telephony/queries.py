"""Calls as pages show them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from retention.core.accounts.models import User
from workorders.order_types.models import Disposition
from workorders.telephony.models import Call, Extension
from workorders.telephony.states import CallState

# How a contact has usually ended when a call ends so: codes that ship, the first that the order's type offers.
USUAL_ENDS: dict[str, tuple[str, ...]] = {
    CallState.NO_ANSWER: ("no_answer",),
    CallState.ABANDONED: ("no_answer",),
    CallState.BUSY: ("switched_off", "no_answer"),
}


def extension_of(agent: User) -> str:
    return Extension.objects.filter(agent=agent).values_list("number", flat=True).first() or ""


def open_call(agent: User) -> Call | None:
    return Call.objects.open().filter(agent=agent).select_related("order").first()


def open_calls(agents: Sequence[User]) -> dict[int, Call]:
    """{user id: the call that is open}."""
    return {one.agent_id: one for one in Call.objects.open().filter(agent__in=agents).select_related("order")}


def newest_call(calls: Iterable[Call], agent: User, *, since: datetime | None) -> Call | None:
    """The agent's last call since the order came to the desk; an open one however old it is. calls: newest first."""
    own = (one for one in calls if one.agent_id == agent.pk)
    return next((one for one in own if one.is_open or since is None or one.started_at >= since), None)


def proposed_end(call: Call | None, offered: Iterable[Disposition]) -> str:
    """The code of the disposition that fits the end of the call; "" where none is proposed.

    offered: those that the order's type offers. Where none of the usual codes is among them, the first that counts as
    not answered.
    """
    wanted = USUAL_ENDS.get(call.state) if call else None
    if wanted is None:
        return ""
    found = list(offered)
    codes = {one.code for one in found}
    fallback = (one.code for one in found if one.result == Disposition.Result.NO_ANSWER)
    return next((code for code in wanted if code in codes), next(fallback, ""))
