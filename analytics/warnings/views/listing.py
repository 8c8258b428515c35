"""The warning list: warned lines with why, in the order in which a call is expected to pay."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from analytics.churn.text import missing_model
from analytics.navigation.views import ChurnList
from analytics.warnings.forms import WarningFilter
from analytics.warnings.queries import DEFAULT_ORDER, LIST_LIMIT, ORDERS, WarnedLines
from analytics.warnings.tables.warned import WarningTable
from retention.core import clock
from retention.core.accounts.models import Branch
from retention.core.ui import formats


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
        return WarnedLines(self.user, self.cleaned, clock.now(), order)

    def get_context_data(self) -> dict[str, Any]:
        warned = self.table.data.directory
        more = {"is_cut": warned.is_cut, "listed": LIST_LIMIT, "no_model": missing_model()}
        return super().get_context_data() | more | {"pays": self._format_paying(warned), "pays_url": self._pays_url()}

    def _format_paying(self, warned: WarnedLines) -> str:
        """How far calling pays; "" where the filters already say so."""
        if not warned.count or self.cleaned.get("gain"):
            return ""
        counts = {"paying": formats.number(warned.paying), "lines": formats.number(warned.count)}
        if not warned.paying:
            return gettext("A contact pays for none of the %(lines)s lines.") % counts
        if warned.paying == warned.count:
            return gettext("A contact pays for each of the %(lines)s lines.") % counts
        if warned.order != DEFAULT_ORDER:
            return gettext("A contact pays for %(paying)s of the %(lines)s lines.") % counts
        return (
            gettext("A contact pays for the first %(paying)s of the %(lines)s lines: down to the line in the list.")
            % counts
        )

    def _pays_url(self) -> str:
        """The list of those whose contact pays."""
        query = self.query.copy()
        query["gain"] = "pays"
        query.pop("page", None)
        return f"?{query.urlencode()}"
