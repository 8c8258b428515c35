"""Use of the line, month by month."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.facts.models import Subscriber, UsageMonth
from customers.fields.line_types import view_of
from retention.core.ui import charts
from retention.core.ui.periods import all_months

CHART_MONTHS = 12


def months_back(today: date, count: int = CHART_MONTHS) -> date:
    """The first of the month `count` - 1 months before that of `today`."""
    total = today.year * 12 + today.month - count
    return date(total // 12, total % 12 + 1, 1)


def month_label(month: date) -> str:
    return date_format(month, "Y-m")


def usage_charts(line: Subscriber, *, today: date) -> list[charts.Spec]:
    """Minutes and data of the last twelve months, as far as a line of its type has them; empty without usage."""
    view = view_of(line.line_type)
    months = list(UsageMonth.objects.filter(subscriber=line, month__gte=months_back(today)).order_by("month"))
    if not months:
        return []
    found = {row.month: row for row in months}
    axis = all_months(found)
    x = [month_label(month) if month in found else charts.gap(month_label(month), _("no usage sent")) for month in axis]
    rows = [found.get(month) for month in axis]
    return [*([_minutes(x, rows)] if view.calls else []), *([_data(x, rows)] if view.data else [])]


def _minutes(x: Sequence[str], rows: Sequence[UsageMonth | None]) -> charts.Spec:
    out = [row.voice_out_s / 60 if row else None for row in rows]
    incoming = [row.voice_in_s / 60 if row else None for row in rows]
    return charts.chart(
        "line",
        title=_("Minutes"),
        x=x,
        data=[
            charts.series(pgettext("minutes", "Calls out"), out, tone="c1"),
            charts.series(pgettext("minutes", "Calls in"), incoming, tone="c5"),
        ],
        format="count",
    )


def _data(x: Sequence[str], rows: Sequence[UsageMonth | None]) -> charts.Spec:
    return charts.chart(
        "bar",
        title=_("Data (GB)"),
        x=x,
        data=[charts.series(_("Data (GB)"), [row.data_mb / 1024 if row else None for row in rows], tone="c6")],
        format="decimal",
    )
