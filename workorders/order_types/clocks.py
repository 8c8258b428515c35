"""Reads and checks the clocks of an order type: how long an order may take, and until what. Pure.

clocks: [{"kind": "accept", "minutes": 60, "warn_percent": 80, "calendar": "working", "pauses_in": [],
          "escalate_minutes": 60}, ...]

kind: accept (an agent takes it), attempt (the first call), contact (the customer spoke with us), close. minutes: of the
close may be left out: the hours until due of the type. calendar: "working" counts the working time of the order's
group, "elapsed" every minute. pauses_in: states in which it stands still. escalate_minutes: so long after a breach the
managers are told. Without a close among them the type has the one that its hours until due mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from retention.core.errors import Invalid

WARN_PERCENT, ESCALATE_MINUTES = 80, 60
# 366 days: as long as an order may be due at all.
MOST_MINUTES = 366 * 24 * 60
KEYS = {"kind", "minutes", "warn_percent", "calendar", "pauses_in", "escalate_minutes"}


class ClockKind(TextChoices):
    ACCEPT = "accept", pgettext_lazy("clock", "Accepted")
    ATTEMPT = "attempt", pgettext_lazy("clock", "First call")
    CONTACT = "contact", pgettext_lazy("clock", "Customer reached")
    CLOSE = "close", pgettext_lazy("clock", "Closed")


class Counting(TextChoices):
    WORKING = "working", gettext_lazy("Working time of the group")
    ELAPSED = "elapsed", gettext_lazy("Every hour of every day")


@dataclass(frozen=True)
class ClockSpec:
    """One clock of a type; see the module."""

    kind: ClockKind
    minutes: int
    counting: Counting = Counting.ELAPSED
    warn_percent: int = WARN_PERCENT
    pauses_in: frozenset[str] = frozenset()
    escalate_minutes: int = ESCALATE_MINUTES


def read_clocks(clocks: Sequence[Mapping[str, Any]], due_hours: int) -> tuple[ClockSpec, ...]:
    """The clocks of a type in the order of their kinds. Invalid names the first thing that is wrong."""
    if not isinstance(clocks, list) or not all(isinstance(one, dict) for one in clocks):
        raise _invalid(_("Clocks are a list."))
    found: dict[ClockKind, ClockSpec] = {}
    for one in clocks:
        spec = _read(one, due_hours)
        if spec.kind in found:
            raise _invalid(_("The clock “%(kind)s” is declared twice.") % {"kind": spec.kind.label})
        found[spec.kind] = spec
    found.setdefault(ClockKind.CLOSE, _usual_close(due_hours))
    return tuple(found[kind] for kind in ClockKind if kind in found)


def _usual_close(due_hours: int) -> ClockSpec:
    return ClockSpec(ClockKind.CLOSE, due_hours * 60, pauses_in=frozenset({"waiting"}))


def _read(one: Mapping[str, Any], due_hours: int) -> ClockSpec:
    if unknown := set(one) - KEYS:
        raise _invalid(_("A clock has unknown keys: %(keys)s") % {"keys": ", ".join(sorted(unknown))})
    if one.get("kind") not in ClockKind.values or one.get("calendar", Counting.ELAPSED) not in Counting.values:
        raise _invalid(_("A clock has an unknown kind or calendar."))
    kind = ClockKind(one["kind"])
    usual = due_hours * 60 if kind == ClockKind.CLOSE else None
    pauses = one.get("pauses_in", [])
    if not isinstance(pauses, list) or not all(isinstance(state, str) for state in pauses):
        raise _invalid(_("The states in which a clock pauses are a list."))
    return ClockSpec(
        kind=kind,
        minutes=_number(kind, "minutes", one.get("minutes") or usual, MOST_MINUTES),
        counting=Counting(one.get("calendar", Counting.ELAPSED)),
        warn_percent=_number(kind, "warn_percent", one.get("warn_percent", WARN_PERCENT), 99),
        pauses_in=frozenset(pauses),
        escalate_minutes=_number(kind, "escalate_minutes", one.get("escalate_minutes", ESCALATE_MINUTES), MOST_MINUTES),
    )


def _number(kind: ClockKind, key: str, value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        text = _("Clock “%(kind)s”: %(key)s must be a whole number from 1 to %(most)d.")
        raise _invalid(text % {"kind": kind.label, "key": key, "most": most})
    return value


def _invalid(message: str) -> Invalid:
    return Invalid(message, code="bad_clocks")
