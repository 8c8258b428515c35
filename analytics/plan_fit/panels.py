"""Plan fit on the page of a line and on the call screen."""

from django.utils.translation import gettext as _

from analytics.plan_fit import text
from analytics.plan_fit.queries import compare
from analytics.plan_fit.tables import PlanTable
from customers.facts.models import Subscriber
from customers.page360 import panels
from customers.page360.panels import Panel
from customers.tariffs.models import FitState
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest

WITHOUT_TABLE = (FitState.FLAT, FitState.NEW)


def register() -> None:
    panels.register_panel("plan-fit", on_call=True)(plan_fit_panel)


def plan_fit_panel(request: StaffRequest, subscriber: Subscriber) -> Panel | None:
    """The months of the line on its plan and on the cheapest others; the page has checked who may see the line."""
    if subscriber.status == Subscriber.Status.TERMINATED:
        return None
    found = compare(subscriber, on=clock.yesterday())
    if found is None:
        return None
    profile = getattr(subscriber, "profile", None)
    chance = profile.risk_probability if profile else None
    return Panel(
        title=_("Plan fit"),
        icon="scale",
        template="analytics/plan_fit/_panel.html",
        context={
            "finding": text.format_finding(found),
            "notes": text.format_over_and_unused(found),
            "worth": text.format_worth(found, chance=chance),
            "margin": text.format_margin(found) if request.user.may("churn.view") else "",
            "unpriced": text.format_unpriced(found),
            "plan_table": None if found.state in WITHOUT_TABLE else PlanTable(found),
        },
    )
