"""The clocks of order types in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core.ui import formats
from workorders.order_types.clocks import ClockKind, ClockSpec, Counting


def format_minutes(minutes: int) -> str:
    """`45 min`, `2 h`, `1 h 30 min`; days only where every hour counts, so none here."""
    hours, rest = divmod(minutes, 60)
    parts = [_("%(hours)s h") % {"hours": formats.number(hours)}] if hours else []
    if rest or not hours:
        parts.append(_("%(minutes)s min") % {"minutes": rest})
    return " ".join(parts)


def format_spec(spec: ClockSpec) -> str:
    """One clock of a type as a sentence."""
    given = {"kind": spec.kind.label, "time": format_minutes(spec.minutes), "percent": spec.warn_percent}
    if spec.counting == Counting.WORKING:
        text = _("%(kind)s within %(time)s of working time, warning at %(percent)s%%") % given
    else:
        text = _("%(kind)s within %(time)s, warning at %(percent)s%%") % given
    if not spec.pauses_in:
        return text
    return _("%(text)s; stands still while the customer has us wait") % {"text": text}


def format_clocks(clocks: Sequence[Mapping[str, Any]]) -> str:
    """The stored clocks of a type for its history."""
    made = []
    for one in clocks:
        minutes = format_minutes(one["minutes"]) if one.get("minutes") else _("hours until due")
        counting = Counting(one.get("calendar", Counting.ELAPSED)).label
        made.append(f"{ClockKind(one['kind']).label}: {minutes}, {counting}")
    return pgettext("between the values of a list", "; ").join(made) or _("As the hours until due say")
