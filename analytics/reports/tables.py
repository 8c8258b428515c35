"""What the reports show."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.reports.queries import BranchComparison
from customers.fields.choices import HIGH_TIERS
from customers.risk.text.themes import THEMES
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, MoneyColumn, NumberColumn, PercentColumn


class PlanRiskTable(BaseTable):
    plan = Column(verbose_name=_("Plan"))
    plan_code = Column(verbose_name=_("Plan code"))
    lines = NumberColumn(verbose_name=_("Lines"), help_text=_("Scored lines on the plan."))
    probability = PercentColumn(verbose_name=_("Mean churn probability"))
    leavers = NumberColumn(verbose_name=_("Leavers expected"), help_text=_("Churn probabilities, added up."))
    total = MoneyColumn(verbose_name=_("Monthly spend"))
    at_risk = MoneyColumn(
        verbose_name=_("Monthly revenue at risk"), help_text=_("Monthly spend times the churn probability, added up.")
    )

    caption = _("Risk by plan")
    region_id = "risk-by-plan"
    empty_title = _("No scored lines")
    empty_text = _("The report adds up the scores of the last night.")

    class Meta(BaseTable.Meta):
        fields = ()
        order_by = "-at_risk"

    def row_url(self, record: dict[str, Any]) -> str:
        return f"{reverse('customers:list')}?{urlencode({'plan': record['plan_code']})}"


def _churned(record: BranchComparison) -> str:
    """The lines behind the branch's rate."""
    return f"{reverse('customers:list')}?{urlencode({'figure': 'churn_rate', 'branch': record.branch.code})}"


class BranchTable(BaseTable):
    name = Column(verbose_name=_("Branch"), accessor="branch__name")
    churn = PercentColumn(
        verbose_name=_("Churn, 30 days"), linkify=_churned,
        help_text=_("Voluntary terminations and port-outs among the lines of 30 days ago"),
    )  # fmt: skip
    before = PercentColumn(
        verbose_name=_("Four weeks before"), help_text=_("The same rate on the newest day four weeks or more before.")
    )
    change = NumberColumn(
        verbose_name=pgettext_lazy("difference", "Change"), show="points",
        help_text=_("The rate now less the rate before, in percentage points."),
    )  # fmt: skip
    at_risk = NumberColumn(verbose_name=_("At high risk"), help_text=_("Lines in the risk tiers high and critical"))
    reason = Column(
        verbose_name=_("Reason that stands out"),
        help_text=_("The business reason that is most above the other branches among the lines at high risk."),
    )
    reason_share = PercentColumn(
        verbose_name=_("Share of high risk"),
        help_text=_("Of the branch's lines at high risk, the share with this reason."),
    )
    reason_above = NumberColumn(
        verbose_name=_("Above the others"), show="points",
        help_text=_("The share less that of all compared branches together, in percentage points."),
    )  # fmt: skip

    caption = _("Branches compared")
    region_id = "branches"
    empty_title = _("No branches to compare")
    empty_text = _("The level below your own branch is compared after the first nightly run.")

    class Meta(BaseTable.Meta):
        fields = ()

    def row_url(self, record: BranchComparison) -> str:
        filters: dict[str, Any] = {"branch": record.branch.code, "tier": HIGH_TIERS}
        if record.reason:
            filters["theme"] = record.reason
        return f"{reverse('analytics:churn')}?{urlencode(filters, doseq=True)}"

    def render_reason(self, value: str) -> str:
        return str(THEMES[value].label)

    value_reason = render_reason
