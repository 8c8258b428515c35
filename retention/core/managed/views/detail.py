"""One managed row: what it is, what may be done with it, and its history."""

from typing import Any

from django.utils.functional import Promise
from django.views.generic import DetailView

from retention.core.managed.permissions import may_decide
from retention.core.managed.queries import history_of
from retention.core.managed.services import values_of
from retention.core.managed.text import format_history
from retention.core.managed.views.base import ManagedPage

HISTORY_LIMIT = 30


class ManagedDetail(ManagedPage, DetailView):
    """A kind's detail.html extends core/managed/detail.html and fills its `body`; without one all fields are listed.

    switch_off_question: asked before the row is switched off; "" asks nothing.
    """

    page_name = "detail"
    http_method_names = ["get"]
    switch_off_question: str | Promise = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, permission = self.request.user, self.model.edit_permission
        history, text = history_of(self.object)[:HISTORY_LIMIT], self.field_text()
        shared = {
            "may_edit": may_decide(actor=user, permission=permission, branch=self.object.branch),
            "may_copy": user.may(permission),
            "history": format_history(history, text),
            "facts": lambda: [
                (text.label(name), text.value(name, value)) for name, value in values_of(self.object).items()
            ],
            "switch_off_question": self.switch_off_question,
        }
        return super().get_context_data(**shared | kwargs)
