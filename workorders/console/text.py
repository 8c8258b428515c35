"""Trail entries of the call screen as sentences."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from customers.contacts.text import format_contact_code
from retention.core.ui.components import TimelineItem
from retention.core.ui.formats import moment
from workorders.orders.models import Transition
from workorders.orders.origins import CHOSEN
from workorders.orders.skips import format_skip
from workorders.orders.states import ABSORBED, CHASED, OPENED, RAISED, SPLIT, TAKEN_OVER, WIDENED

TRAIL_ICONS = {
    OPENED: ("plus", "info"),
    RAISED: ("flame", "bad"),
    TAKEN_OVER: ("flame", "bad"),
    "claim": ("user-check", ""),
    "start": ("phone-call", "info"),
    "complete": ("circle-check", "good"),
    "retry": ("refresh", "warning"),
    "schedule": ("calendar-event", "info"),
    "skip": ("player-skip-forward", "warning"),
    "expire": ("hourglass", "warning"),
    "miss": ("clock-pause", "bad"),
    "withdraw": ("ban", "bad"),
    "cancel": ("circle-x", "bad"),
    "return_unfit": ("circle-x", "bad"),
    "merge": ("git-branch", ""),
    CHASED: ("flame", "bad"),
    WIDENED: ("users", "warning"),
    "cover": ("user-check", "info"),
    "cover_group": ("users", "info"),
    "come_back": ("arrow-back-up", ""),
    SPLIT: ("git-branch", ""),
    ABSORBED: ("git-branch", ""),
    "defer": ("clock-pause", "warning"),
    "answer": ("message-2", "good"),
}


def trail_item(line: Transition, teams: Mapping[str, str]) -> TimelineItem:
    """teams: {code: name} of the groups in its detail."""
    icon, tone = TRAIL_ICONS.get(line.move, ("arrow-right", ""))
    text = [line.disposition.title] if line.disposition else []
    text += trail_details(line, teams)
    return TimelineItem(
        at=line.at,
        title=line.move_label,
        text=" · ".join(text),
        icon=icon,
        tone=tone,
        actor=line.actor_name,
    )


def trail_details(line: Transition, teams: Mapping[str, str]) -> list[str]:
    """What the line says besides its move: the reason, to whom, until when. teams: as of trail_item."""
    detail = line.detail | {"reason": format_skip(line.detail["reason"])} if line.move == "skip" else line.detail
    return [_format_detail(key, value, teams) for key, value in detail.items() if key in DETAIL_LABELS]


DETAIL_LABELS = {
    "reason": gettext_lazy("reason: %(value)s"),
    "agent": gettext_lazy("to %(value)s"),
    "team": gettext_lazy("to group %(value)s"),
    "source": gettext_lazy("by scenario %(value)s"),
    "displaced": gettext_lazy("in place of %(value)s"),
    "appointment_at": gettext_lazy("for %(value)s"),
    "not_before": gettext_lazy("not before %(value)s"),
    "other": gettext_lazy("order %(value)s"),
    "priority": gettext_lazy("now %(value)s"),
    "rule": gettext_lazy("by the allocation rule %(value)s"),
    "absent": gettext_lazy("absent: %(value)s"),
}


def _format_detail(key: str, value: Any, teams: Mapping[str, str]) -> str:
    if key == "team":
        return str(DETAIL_LABELS[key]) % {"value": teams.get(value, value)}
    if key == "source" and value in CHOSEN:
        return str(CHOSEN[value])
    if key == "displaced" and value in CHOSEN:
        value = CHOSEN[value]
    if key == "reason":
        value = format_contact_code(str(value))
    if key in {"appointment_at", "not_before"}:
        value = moment(datetime.fromisoformat(value))
    return str(DETAIL_LABELS[key]) % {"value": str(value).replace("_", " ")}
