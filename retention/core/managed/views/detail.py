"""One managed row: what it is, what may be done with it, and its history."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.views.generic import DetailView

from retention.core.managed.permissions import may_decide
from retention.core.managed.queries import history_of
from retention.core.managed.services import values_of
from retention.core.managed.tables import HistoryTable
from retention.core.managed.text import format_history
from retention.core.managed.views.base import ManagedPage
from retention.core.ui.listing import ListPage
from retention.core.ui.tables.exports import wants_export

HISTORY_LIMIT = 30


class ManagedDetail(ManagedPage, DetailView):
    """A kind's detail.html extends core/managed/detail.html and fills its `body`; without one all fields are listed.

    list_page: the list of the row's results, shown below it as `form` and `table`; its exports keep to the same
    address. switch_off_question: asked before the row is switched off; "" asks nothing.
    """

    page_name = "detail"
    http_method_names = ["get"]
    list_page: type[ListPage] | None = None
    switch_off_question: str | Promise = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if self.list_page is None:
            return super().get(request, *args, **kwargs)
        rows = self.list_page()
        rows.setup(request, *args, **kwargs)
        if kind := wants_export(request):
            return rows.export(kind)
        self.object = self.get_object()
        return self.render_to_response(self.get_context_data(**rows.get_context_data()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, permission = self.user, self.model.edit_permission
        text = self.field_text()
        changes = format_history(history_of(self.object)[:HISTORY_LIMIT], text)
        shared = {
            "may_edit": may_decide(actor=user, permission=permission, branch=self.object.branch),
            "may_copy": user.may(permission),
            "history": changes,
            "history_table": HistoryTable(changes),
            "facts": lambda: [
                (text.label(name), text.value(name, value)) for name, value in values_of(self.object).items()
            ],
            "switch_off_question": self.switch_off_question,
        }
        return super().get_context_data(**shared | kwargs)
