from django.http import HttpResponse
from django.shortcuts import redirect, render

from analytics.kpis.models import KpiValue
from retention.core.accounts.permissions import StaffRequest, require
from retention.portal import charts, queries
from retention.portal.tables import AtRiskTable


@require("home")
def home_page(request: StaffRequest) -> HttpResponse:
    """Key figures for managers; supervisors and agents are redirected to their pages."""
    user = request.user
    if not user.may("kpis.view"):
        return redirect("workorders:supervise" if user.may("work.supervise") else "workorders:console")
    as_of = KpiValue.objects.latest_date()
    context: dict = {"figures_on": as_of, "reminders": queries.reminders(user=user)}
    if as_of:
        context |= {
            "cards": queries.kpi_cards(user=user, as_of=as_of),
            "by_tenure": charts.churn_by_tenure(user=user, as_of=as_of),
            "by_branch": charts.churn_by_branch(user=user, as_of=as_of),
            "orders": charts.orders_by_state(user=user),
            "at_risk": AtRiskTable(queries.at_risk(user=user)),
        }
    return render(request, "portal/home.html", context)
