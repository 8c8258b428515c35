"""The list of lines that left, with what is known of when to call, and win-back orders for its rows."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from analytics.navigation.views import ChurnList
from analytics.warnings.views.opening import ask_or_open, require_churn_view, selected_ids
from analytics.win_back.charts import rate_chart
from analytics.win_back.forms import WinBackFilter
from analytics.win_back.queries import (
    DEFAULT_ORDER,
    LIST_LIMIT,
    ORDERS,
    LeftLines,
    count_outcomes,
    facts_of_leavers,
)
from analytics.win_back.rules import judge, win_back_rates
from analytics.win_back.tables import LeftTable, RateTable
from analytics.win_back.text import format_judgement
from retention.core import clock
from retention.core.accounts.models import Branch
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui.filters import parse_query
from workorders.orders.origins import Origin, OriginKind


class LeftList(ChurnList):
    """Who left by choice and can be called: when, why, what they paid, and whether a call is allowed."""

    name = "win-back"
    title = _("Win-back")
    subtitle = _("Customers who left by choice and can still be called, with what they paid and what fits them now.")
    template_name = "analytics/win_back/list.html"
    table_class = LeftTable
    form_class = WinBackFilter

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"branches": Branch.objects.visible_to(self.user)}

    def get_queryset(self) -> LeftLines:
        """All when the address cannot be understood."""
        sort = self.query.get("sort", "")
        order = sort if sort.removeprefix("-") in ORDERS else DEFAULT_ORDER
        return LeftLines(self.user, self.cleaned, clock.now(), order)

    def get_context_data(self) -> dict[str, Any]:
        left = self.table.data.directory
        rates = win_back_rates(count_outcomes(user=self.user, now=left.now))
        table = RateTable(rates)
        return super().get_context_data() | {
            "rates": table,
            "chart": rate_chart(rates, [table.row_url(one) for one in rates]),
            "judgement": format_judgement(judge(rates)),
            "is_cut": left.is_cut,
            "listed": LIST_LIMIT,
        }


@require_POST
@require("work.supervise")
def open_orders(request: StaffRequest) -> HttpResponse:
    """For ticked lines, or the first of all that match the filters."""
    require_churn_view(request)
    query = parse_query(request.POST.get("query", ""))
    left = LeftList.of_query(user=request.user, query=query.urlencode()).get_queryset()
    return ask_or_open(
        request,
        selected_ids(request, left.first_ids if request.POST.get("all") else ()),
        origin=Origin(OriginKind.WIN_BACK),
        facts=lambda ids: facts_of_leavers(user=request.user, ids=ids),
        back=reverse("analytics:win-back") + (f"?{query.urlencode()}" if query else ""),
        back_label=gettext("Win-back"),
        order_type="win_back",
        after_leaving=True,
    )
