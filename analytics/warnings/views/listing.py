"""The warning list: warned lines with why, in the order in which a call is expected to pay."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from analytics.churn.text import missing_model
from analytics.navigation.views import ChurnList
from analytics.warnings.forms import WarningFilter
from analytics.warnings.queries import DEFAULT_ORDER, LIST_LIMIT, ORDERS, WarnedLines
from analytics.warnings.tables import WarningTable
from retention.core import clock
from retention.core.accounts.models import Branch


class WarnedList(ChurnList):
    """Which lines are warned of, why, and what a contact would bring."""

    name = "churn-warnings"
    title = _("Churn warning")
    subtitle = _("Everyone scored last night, in the order in which a contact is expected to pay.")
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
        more = {"is_cut": is_cut, "listed": LIST_LIMIT, "no_model": missing_model()}
        return super().get_context_data() | more
