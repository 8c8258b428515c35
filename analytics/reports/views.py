"""The reports. A class listed in REPORTS has its page at /churn/reports/NAME/ and its tab on all of them."""

from typing import Any

from django.urls import reverse

from analytics.navigation.views import ChurnList
from analytics.reports.queries import risk_by_plan
from analytics.reports.tables import PlanRiskTable


class Report(ChurnList):
    """A list under the tab Reports; the table's caption is its title."""

    def get_context_data(self) -> dict[str, Any]:
        kinds = [
            {"label": one.table_class.caption, "url": reverse(f"analytics:{one.name}"), "active": one is type(self)}
            for one in REPORTS
        ]
        return super().get_context_data() | {"kinds": kinds}


class RiskByPlan(Report):
    name = "risk-by-plan"
    table_class = PlanRiskTable

    def get_queryset(self) -> Any:
        return risk_by_plan(self.user)


REPORTS: tuple[type[Report], ...] = (RiskByPlan,)
