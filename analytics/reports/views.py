"""The reports. A class listed in REPORTS has its page at /churn/reports/NAME/ and its tab on all of them."""

from typing import Any

from django.urls import reverse

from analytics.backtests.queries.kept import scenario_rows
from analytics.backtests.tables import ScenarioBacktestTable
from analytics.kpis.models import KpiValue
from analytics.navigation.views import ChurnList
from analytics.reports.queries import compare_branches, risk_by_plan
from analytics.reports.tables import BranchTable, PlanRiskTable
from retention.core import clock


class Report(ChurnList):
    """A list under the tab Reports; the table's caption is its title."""

    def get_context_data(self) -> dict[str, Any]:
        subtabs = [
            {"label": one.table_class.caption, "url": reverse(f"analytics:{one.name}"), "active": one is type(self)}
            for one in REPORTS
        ]
        return super().get_context_data() | {"subtabs": subtabs}


class RiskByPlan(Report):
    name = "risk-by-plan"
    table_class = PlanRiskTable

    def get_queryset(self) -> Any:
        return risk_by_plan(self.user)


class Branches(Report):
    """Where churn rose, and the business reason that stands out there."""

    name = "branches"
    table_class = BranchTable

    def get_queryset(self) -> Any:
        as_of = KpiValue.objects.latest_date()
        return compare_branches(self.user, as_of=as_of) if as_of else []


class ScenarioBacktests(Report):
    """Every scenario with what it found last night, and what it would have found at the last month ends."""

    name = "scenario-backtests"
    permission = "scenarios.view"
    table_class = ScenarioBacktestTable

    def get_queryset(self) -> Any:
        return scenario_rows(self.user, clock.today())


REPORTS: tuple[type[Report], ...] = (RiskByPlan, Branches, ScenarioBacktests)
