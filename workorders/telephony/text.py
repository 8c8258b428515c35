"""Calls in words: on an order's trail, and their badges."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.ui.components import TimelineItem
from retention.core.ui.formats import duration
from workorders.telephony.models import Call
from workorders.telephony.states import CallState

# {state: (tone, icon)}
CALL_TONES: dict[str, tuple[str, str]] = {
    CallState.DIALLING: ("neutral", "phone"),
    CallState.RINGING: ("info", "phone"),
    CallState.TALKING: ("good", "phone-call"),
    CallState.ENDED: ("neutral", "phone"),
    CallState.BUSY: ("warning", "phone-off"),
    CallState.NO_ANSWER: ("warning", "phone-off"),
    CallState.FAILED: ("bad", "phone-off"),
    CallState.ABANDONED: ("neutral", "phone-off"),
}


def call_badge(call: Call) -> tuple[str, str, str]:
    """Word, tone and icon of its state."""
    return (call.get_state_display(), *CALL_TONES[call.state])


def call_trail(calls: Iterable[Call], user: User) -> list[TimelineItem]:
    """The calls of an order for its trail; a title leads to the recording for whoever may hear it."""
    return [_item(call, user) for call in calls]


def _item(call: Call, user: User) -> TimelineItem:
    tone, icon = CALL_TONES[call.state]
    text = [call.number]
    if call.seconds is not None:
        text.append(_("spoken %(length)s") % {"length": duration(call.seconds)})
    if call.ended_because:
        text.append(call.get_ended_because_display())
    if call.recording:
        text.append(_("recording %(reference)s") % {"reference": call.recording})
    may_hear = call.agent_id == user.pk or user.may("work.supervise")
    return TimelineItem(
        at=call.started_at,
        title=_("Call: %(state)s") % {"state": call.get_state_display()},
        text=" · ".join(text),
        icon=icon,
        tone="" if tone == "neutral" else tone,
        href=recording_address(call) if may_hear else "",
        actor=call.agent.display_name,
    )


def recording_address(call: Call) -> str:
    """Our page that opens the recording; "" without one, or where no place of recordings is set."""
    if not (call.recording and settings.CALL_RECORDING_URL):
        return ""
    return reverse("workorders:recording", args=[call.reference])
