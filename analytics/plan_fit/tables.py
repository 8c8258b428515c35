"""The months of a line on its plan and on others, as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
import numpy as np
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.plan_fit.queries import Comparison, RatedPlan
from analytics.plan_fit.text import use_parts
from retention.core.ui import formats
from retention.core.ui.tables.columns import Column
from retention.core.ui.tables.detail import DetailTable

NUMBER = {"th": {"class": "rp-num"}, "td": {"class": "rp-num"}}


@dataclass(frozen=True)
class Row:
    """cells: the mean, the difference from now, then one a month."""

    name: Any
    cells: tuple[Any, ...]


class PlanTable(DetailTable):
    """A row for the use, the bills, the present plan and each alternative; what matters most stands first."""

    name = Column(verbose_name=gettext_lazy("Plan"))

    caption = gettext_lazy("Own months on this plan and on others")
    css = "rp-mini"

    def __init__(self, comparison: Comparison) -> None:
        heads = [_("A month on average"), _("Against now")]
        heads += [date_format(month, "YEAR_MONTH_FORMAT") for month in comparison.months]
        extra = [
            (f"cell_{place}", tables.Column(verbose_name=head, accessor=f"cells__{place}", attrs=NUMBER))
            for place, head in enumerate(heads)
        ]
        super().__init__(list(_rows(comparison)), extra_columns=extra)


def _rows(found: Comparison) -> Iterator[Row]:
    use = [_use(found.use[:, place], found) for place in range(len(found.months))]
    yield Row(_("Use"), (_use(found.use.mean(axis=1), found), formats.DASH, *use))
    if any(one is not None for one in found.billed):
        yield Row(_("As billed"), (formats.DASH, formats.DASH, *map(formats.money, found.billed)))
    yield _plan_row(_("Now: %(plan)s") % {"plan": found.present.terms.name}, found.present, None)
    for plan in found.alternatives:
        yield _plan_row(plan.terms.name, plan, found.present.mean)


def _use(use: np.ndarray, found: Comparison) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((one,) for one in use_parts(use, found.present.terms)))


def _plan_row(name: str, plan: RatedPlan, now: float | None) -> Row:
    against = formats.DASH if now is None or plan.mean is None else _difference(plan.mean - now)
    months = (_amount(plan.terms.fee, over) for over in plan.over)
    fee = _("fee %(yuan)s") % {"yuan": formats.money(plan.terms.fee)}
    return Row(_two_lines(name, fee), (_amount(plan.terms.fee, plan.mean_over), against, *months))


def _amount(fee: float, over: float | None) -> str | SafeString:
    """The total, and under it what of it comes on top of the fee."""
    if over is None:
        return _("price missing")
    total = formats.money(fee + over)
    return total if over < 0.005 else _two_lines(total, _("over-use %(yuan)s") % {"yuan": formats.money(over)})


def _two_lines(first: str, second: str) -> SafeString:
    return format_html('{}<br><span class="rp-small rp-muted">{}</span>', first, second)


def _difference(yuan: float) -> str:
    text = formats.money(yuan)
    return f"+{text}" if yuan > 0.005 else text
