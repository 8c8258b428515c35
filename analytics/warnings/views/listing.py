"""The warning list: warned lines with why, in the order in which a call is expected to pay."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from analytics.navigation.tabs import churn_tabs
from analytics.warnings.forms import WarningFilter
from analytics.warnings.queries import DEFAULT_ORDER, LIST_LIMIT, ORDERS, WarnedLines
from analytics.warnings.tables import WarningTable
from retention.core import clock
from retention.core.accounts.models import Branch, User
from retention.core.ui.listing import ListPage


def warned_lines(user: User, filters: Mapping[str, Any], sort: str = "") -> WarnedLines:
    """The warned lines that match filters of WarningFilter, in the usual order when `sort` is none of theirs."""
    return WarnedLines(user, filters, clock.today(), sort if sort.removeprefix("-") in ORDERS else DEFAULT_ORDER)


def lines_of_query(user: User, query: QueryDict) -> WarnedLines:
    """The lines of an address; all that are warned when it cannot be understood."""
    form = WarningFilter(query, branches=Branch.objects.visible_to(user))
    return warned_lines(user, form.cleaned_data if form.is_valid() else {}, query.get("sort", ""))


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
        return warned_lines(self.user, self.cleaned, self.query.get("sort", ""))

    def get_context_data(self) -> dict[str, Any]:
        is_cut = self.table.data.directory.is_cut
        return super().get_context_data() | {"tabs": churn_tabs(self.request), "is_cut": is_cut, "listed": LIST_LIMIT}
