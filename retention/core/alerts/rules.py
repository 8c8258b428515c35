"""When an alert opens, when it counts as calm and how severe it is. No database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import IntegerChoices
from django.utils.translation import pgettext_lazy


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
