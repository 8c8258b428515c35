"""Indicators for the home page: value, change against the earlier reading, and the line behind it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Sum

from analytics.kpis.catalogue import KPIS, Kpi
from analytics.models import KpiValue
from retention.core.models import User

COMPARED_WITH = timedelta(days=28)


@dataclass(frozen=True)
class KpiCard:
    """value and previous are None where nothing was recorded; percent values are shares of 1."""

    kpi: Kpi
    value: float | None
    previous: float | None
    previous_on: date | None
    points: list[tuple[date, float]] = field(default_factory=list)

    @property
    def change(self) -> float | None:
        """Relative change; for shares, the difference."""
        if self.value is None or self.previous is None:
            return None
        if self.kpi.unit == "percent":
            return self.value - self.previous
        return (self.value - self.previous) / self.previous if self.previous else None

    @property
    def is_good(self) -> bool | None:
        if not self.change:
            return None
        return (self.change > 0) == (self.kpi.good > 0)


def series(*, user: User, until: date, days: int = 400) -> dict[str, list[tuple[date, float]]]:
    """{kpi: [(date, value), ...]} oldest first, over the branches this person sees. One query."""
    rows = (
        KpiValue.objects.visible_to(user)
        .filter(as_of__gt=until - timedelta(days=days), as_of__lte=until)
        .values("kpi", "as_of")
        .annotate(top=Sum("numerator"), bottom=Sum("denominator"))
        .order_by("as_of")
    )
    found: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for row in rows:
        kpi = KPIS.get(row["kpi"])
        if kpi is None:
            continue
        if not kpi.denominator:
            found[kpi.key].append((row["as_of"], float(row["top"])))
        elif row["bottom"]:
            found[kpi.key].append((row["as_of"], float(row["top"]) / float(row["bottom"])))
    return found


def cards(*, user: User, until: date) -> list[KpiCard]:
    """A card for each indicator, in the catalogue's order."""
    lines = series(user=user, until=until)
    return [_card(kpi, lines.get(key, [])) for key, kpi in KPIS.items() if kpi.on_home]


def _card(kpi: Kpi, points: list[tuple[date, float]]) -> KpiCard:
    if not points:
        return KpiCard(kpi, None, None, None)
    last_on, value = points[-1]
    earlier = [point for point in points if point[0] <= last_on - COMPARED_WITH]
    previous_on, previous = earlier[-1] if earlier else (None, None)
    return KpiCard(kpi, value, previous, previous_on, points)
