"""Kinds of alert; when one opens, when it counts as calm and how severe it is. No database, no clock."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import IntegerChoices
from django.utils.translation import pgettext_lazy

from retention.core.accounts.roles import ALL_PERMISSIONS
from retention.core.registry import Registry


class Severity(IntegerChoices):
    """The levels of telecom alarms (X.733) that call for work; ordered."""

    MINOR = 1, pgettext_lazy("alarm", "Minor")
    MAJOR = 2, pgettext_lazy("alarm", "Major")
    CRITICAL = 3, pgettext_lazy("alarm", "Critical")


@dataclass(frozen=True)
class Reading:
    """A measured value. weight: how many cases it rests on. detail: JSON that the kind's sentence needs besides."""

    kind: str
    subject: str
    value: float
    weight: float = 0
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """Thresholds of a kind: opens at `opens_at` or above, is calm below `closes_below`, which is not higher.

    An open alert closes at the reading that completes `calm_readings` calm ones in a row, the first of them at least
    `calm_time` ago. Readings of less weight than `floor` are not judged at all. From `critical_at` on, the severity is
    critical whatever the kind's own is. Raises ValueError for thresholds that contradict each other.
    """

    opens_at: float
    closes_below: float
    calm_readings: int = 1
    calm_time: timedelta = timedelta()
    floor: float = 0
    severity: Severity = Severity.MINOR
    critical_at: float | None = None

    def __post_init__(self) -> None:
        if self.closes_below > self.opens_at or self.calm_readings < 1:
            raise ValueError("an alert must open at or above the value below which it closes, after a calm reading")

    def judges(self, reading: Reading) -> bool:
        return reading.weight >= self.floor

    def opens(self, value: float) -> bool:
        return value >= self.opens_at

    def is_calm(self, value: float) -> bool:
        return value < self.closes_below

    def severity_of(self, value: float) -> Severity:
        critical = self.critical_at is not None and value >= self.critical_at
        return Severity.CRITICAL if critical else self.severity


@dataclass(frozen=True)
class AlertKind:
    """What an app that raises alerts declares of them in AppConfig.ready().

    label, opens_when, meaning: lazily translated. format: an Alert as one sentence in the active language.

    notifies: False for a kind whose app tells people itself.
    permission: whose holders may acknowledge, own and snooze it, and are notified when it has no owner. route: name of
    the page that shows it, without arguments.
    """

    code: str
    label: Any
    opens_when: Any
    meaning: Any
    permission: str
    route: str
    format: Callable[[Any], str]
    notifies: bool = True


KINDS: Registry[str, AlertKind] = Registry("alert kind")


def declare_kinds(kinds: Iterable[AlertKind]) -> None:
    """Declare kinds. ValueError for a permission that no role holds, or for a kind that is declared already."""
    for kind in kinds:
        if kind.permission not in ALL_PERMISSIONS:
            raise ValueError(f"alert kind {kind.code!r}: unknown permission {kind.permission!r}")
        KINDS.declare(kind.code, kind)
