"""What the reports show."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, MoneyColumn, NumberColumn, PercentColumn


class PlanRiskTable(BaseTable):
    plan = Column(verbose_name=_("Plan"))
    plan_code = Column(verbose_name=_("Plan code"))
    lines = NumberColumn(verbose_name=_("Lines"), help_text=_("Scored lines on the plan."))
    probability = PercentColumn(verbose_name=_("Chance of leaving, mean"))
    leavers = NumberColumn(verbose_name=_("Leavers expected"), help_text=_("Chances of leaving, added up."))
    total = MoneyColumn(verbose_name=_("Spend a month"))
    at_risk = MoneyColumn(
        verbose_name=_("Revenue at risk, a month"), help_text=_("Spend a month times the chance of leaving, added up.")
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
