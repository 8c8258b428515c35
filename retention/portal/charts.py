"""Charts of the home page."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.kpis import queries
from retention.core.accounts.models import User
from retention.core.accounts.permissions import may_open
from retention.core.ui import charts
from workorders.orders.models import WorkOrder
from workorders.orders.states import State

SHOWN_BRANCHES = 12


def churn_by_tenure(*, user: User, as_of: date) -> charts.Spec:
    slices = queries.churn_by_tenure(user=user, as_of=as_of)
    return _rates(_("Churn by tenure, 30 days"), slices, "cohort", horizontal=False)


def churn_by_branch(*, user: User, as_of: date) -> charts.Spec:
    slices = queries.churn_by_branch(user=user, as_of=as_of)[:SHOWN_BRANCHES]
    return _rates(_("Churn by branch, 30 days"), slices, "branch", horizontal=True)


def _rates(title: str, slices: list[queries.ChurnSlice], filter_name: str, *, horizontal: bool) -> charts.Spec:
    links = [
        f"{reverse('customers:list')}?{urlencode({'figure': 'churn_rate', filter_name: one.code})}" for one in slices
    ]
    return charts.chart(
        "bar",
        title=title,
        x=[one.label for one in slices],
        data=[charts.series(_("Churn"), [one.rate for one in slices])],
        format="percent",
        links=links,
        horizontal=horizontal,
    )


def orders_by_state(*, user: User) -> charts.Spec:
    counts = dict(WorkOrder.objects.visible_to(user).values_list("state").annotate(Count("pk")).order_by())
    states = [state for state in State if counts.get(state)]
    board = reverse("workorders:supervise")
    links = [f"{board}?{urlencode({'state': state.value})}" for state in states]
    return charts.chart(
        "bar",
        title=_("Orders by state, now"),
        x=[state.label for state in states],
        data=[charts.series(_("Orders"), [counts[state] for state in states])],
        links=links if may_open(user=user, address=board) else [],
    )
