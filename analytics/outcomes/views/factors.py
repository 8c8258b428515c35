"""The factor tables of a month: information gain, and the bands with the highest churn rate."""

from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from analytics.navigation.views import ChurnList
from analytics.outcomes.forms import FactorFilter
from analytics.outcomes.models import FactorGain, RiskBand
from analytics.outcomes.tables import BandTable, GainTable
from analytics.outcomes.text import format_band, month_name
from customers.facts.models import CustomField
from customers.fields.attributes import custom_fields_by_key
from customers.fields.text import field_label
from retention.core.accounts.models import User
from retention.core.ui import charts
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.exports import wants_export

FACTORS_CHARTED = 15
BANDS = "bands"


class Factors(ChurnList):
    """The gains of a month, and its high-risk factors as a second table, exported with `list=bands`."""

    name = "factors"
    title = pgettext_lazy("churn", "Factors")
    subtitle = gettext_lazy(
        "What told leavers from stayers in the newest month end whose outcome is known. "
        "It says what goes together, not what causes what."
    )
    template_name = "analytics/outcomes/factors.html"
    form_class = FactorFilter

    @cached_property
    def months(self) -> list[date]:
        seen = FactorGain.objects.visible_to(self.user)
        return list(seen.order_by("-snapshot").values_list("snapshot", flat=True).distinct())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"months": [(str(month), month_name(month)) for month in self.months]}

    @property
    def month(self) -> date | None:
        chosen = self.cleaned.get("month")
        return date.fromisoformat(chosen) if chosen else next(iter(self.months), None)

    @cached_property
    def custom(self) -> dict[str, CustomField]:
        return custom_fields_by_key()

    @cached_property
    def gains(self) -> list[dict[str, Any]]:
        return _gains(self.user, self.month, self.cleaned.get("cohort", ""), self.custom)

    @cached_property
    def bands(self) -> list[dict[str, Any]]:
        return _bands(self.user, self.month, self.cleaned.get("cohort", ""), self.custom)

    @property
    def is_export_of_bands(self) -> bool:
        return bool(wants_export(self.request)) and self.query.get("list") == BANDS

    def get_table_class(self) -> type[BaseTable]:
        return BandTable if self.is_export_of_bands else GainTable

    def get_queryset(self) -> list[dict[str, Any]]:
        return list(self.bands if self.is_export_of_bands else self.gains)  # the table sorts its own

    def get_export_name(self) -> str:
        return "high-risk-factors" if self.is_export_of_bands else self.name

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {
            "month": month_name(self.month) if self.month else "",
            "whole": self.gains[0] if self.gains else None,
            "sees_all": bool(self.months) or not FactorGain.objects.exists(),
            "bands": BandTable(self.bands, request=self.request, prefix="bands-").paged(),
            "may_export": self.table.exportable,
            "chart": _chart(self.gains),
        }


def _gains(user: User, month: date | None, cohort: str, custom: dict[str, CustomField]) -> list[dict[str, Any]]:
    if month is None:
        return []
    seen = FactorGain.objects.visible_to(user).filter(cohort=cohort)
    before = seen.filter(snapshot__lt=month).order_by("-snapshot").values_list("snapshot", flat=True).first()
    earlier = dict(seen.filter(snapshot=before).values_list("factor", "rank")) if before else {}
    return [
        {
            "factor": row.factor,
            "label": field_label(row.factor, custom),
            "rank": row.rank,
            "gain": row.gain,
            "gain_ratio": row.gain_ratio,
            "moved": earlier[row.factor] - row.rank if row.factor in earlier else None,
            "lines": row.lines,
            "leavers": row.leavers,
        }
        for row in seen.filter(snapshot=month).order_by("rank")
    ]


def _bands(user: User, month: date | None, cohort: str, custom: dict[str, CustomField]) -> list[dict[str, Any]]:
    if month is None:
        return []
    names = ("factor", "lines", "leavers", "rate", "rate_low", "rate_high", "lift")
    seen = RiskBand.objects.visible_to(user).filter(snapshot=month, cohort=cohort).order_by("rank")
    return [
        {name: getattr(row, name) for name in names}
        | {"label": field_label(row.factor, custom), "band": format_band(row)}
        for row in seen
    ]


def _chart(gains: list[dict[str, Any]]) -> charts.Spec | None:
    top = gains[:FACTORS_CHARTED]
    if not top:
        return None
    return charts.chart(
        "bar",
        title=_("Information gain, thousandths of a bit"),
        x=[one["label"] for one in top],
        data=[charts.series(_("Information gain"), [one["gain"] * 1000 for one in top])],
        format="decimal",
        horizontal=True,
    )
