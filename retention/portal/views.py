from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from retention.core.access import require
from retention.portal import home


@require("home")
def home_page(request: HttpRequest) -> HttpResponse:
    """Figures for those who steer; an agent's home is the console."""
    user = request.user
    if not user.may("kpis.view"):
        return redirect("workorders:supervise" if user.may("work.supervise") else "workorders:console")
    found = home.reading()
    context: dict = {"reading": found, "reminders": home.reminders(user=user)}
    if found.as_of:
        context |= {
            "cards": home.kpi_cards(user=user, as_of=found.as_of),
            "charts": home.churn_charts(user=user, as_of=found.as_of),
            "orders": home.orders_by_state(user=user),
            "at_risk": home.at_risk(user=user),
        }
    return render(request, "portal/home.html", context)
