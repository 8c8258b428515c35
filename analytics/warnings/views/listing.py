"""The warning list: warned lines with why, in the order in which a call is expected to pay."""

from typing import Any

from analytics.churn.text import missing_model
from analytics.navigation.views import churn_tabs
from analytics.warnings.forms import WarningFilter
from analytics.warnings.queries import DEFAULT_ORDER, LIST_LIMIT, ORDERS, WarnedLines
from analytics.warnings.tables import WarningTable
from retention.core import clock
from retention.core.accounts.models import Branch
from retention.core.ui.listing import ListPage


class WarnedList(ListPage):
    """Which lines are warned of, why, and what a contact would bring."""

    name = "churn-warnings"
    permission = "churn.view"
    template_name = "analytics/warnings/list.html"
    table_class = WarningTable
    form_class = WarningFilter

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"branches": Branch.objects.visible_to(self.user)}

    def get_queryset(self) -> WarnedLines:
        """All that are warned when the address cannot be understood."""
        sort = self.query.get("sort", "")
        order = sort if sort.removeprefix("-") in ORDERS else DEFAULT_ORDER
        return WarnedLines(self.user, self.cleaned, clock.today(), order)

    def get_context_data(self) -> dict[str, Any]:
        is_cut = self.table.data.directory.is_cut
        more = {"tabs": churn_tabs(self.request), "is_cut": is_cut, "listed": LIST_LIMIT, "no_model": missing_model()}
        return super().get_context_data() | more
