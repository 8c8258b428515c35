"""The months of a line on its plan and on others, as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.plan_fit.queries import Comparison, RatedPlan
from analytics.plan_fit.text import format_use
from retention.core.ui import formats
from retention.core.ui.tables.columns import Column
from retention.core.ui.tables.detail import DetailTable

NUMBER = {"th": {"class": "rp-num"}, "td": {"class": "rp-num"}}


@dataclass(frozen=True)
class Row:
    """cells: one a month, then the mean and the difference from now."""

    name: str
    fee: str
    cells: tuple[Any, ...]


class PlanTable(DetailTable):
    """A row for the use, the bills, the present plan and each alternative; a column for each month."""

    name = Column(verbose_name=gettext_lazy("Plan"))
    fee = Column(verbose_name=gettext_lazy("Fee"), attrs=NUMBER)

    caption = gettext_lazy("Own months on this plan and on others")
    css = "rp-mini"

    def __init__(self, comparison: Comparison) -> None:
        heads = [date_format(month, "YEAR_MONTH_FORMAT") for month in comparison.months]
        heads += [_("A month on average"), _("Against now")]
        extra = [
            (f"cell_{place}", tables.Column(verbose_name=head, accessor=f"cells__{place}", attrs=NUMBER))
            for place, head in enumerate(heads)
        ]
        super().__init__(list(_rows(comparison)), extra_columns=extra)


def _rows(found: Comparison) -> Iterator[Row]:
    use = tuple(format_use(found.use[:, place], found.present.terms) for place in range(len(found.months)))
    yield Row(_("Use"), formats.DASH, (*use, format_use(found.use.mean(axis=1), found.present.terms), formats.DASH))
    yield _plan_row(_("Now: %(plan)s") % {"plan": found.present.terms.name}, found.present, None)
    if any(one is not None for one in found.billed):
        billed = tuple(formats.money(one) for one in found.billed)
        yield Row(_("As billed, without services and discounts"), formats.DASH, (*billed, formats.DASH, formats.DASH))
    for plan in found.alternatives:
        yield _plan_row(plan.terms.name, plan, found.present.mean)


def _plan_row(name: str, plan: RatedPlan, now: float | None) -> Row:
    cells = (*(_amount(plan.terms.fee, over) for over in plan.over), _amount(plan.terms.fee, plan.mean_over))
    against = formats.DASH if now is None or plan.mean is None else _difference(plan.mean - now)
    return Row(name, formats.money(plan.terms.fee), (*cells, against))


def _amount(fee: float, over: float | None) -> str | SafeString:
    """The total, and under it what of it comes on top of the fee."""
    if over is None:
        return _("price missing")
    total = formats.money(fee + over)
    if over < 0.005:
        return total
    return format_html(
        '{}<br><span class="rp-small rp-muted">{}</span>', total, _("over-use %(yuan)s") % {"yuan": formats.money(over)}
    )


def _difference(yuan: float) -> str:
    text = formats.money(yuan)
    return f"+{text}" if yuan > 0.005 else text
