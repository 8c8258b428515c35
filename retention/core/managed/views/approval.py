"""Submitting, approving and sending back on the page of a row."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View

from retention.core.errors import Conflict, Invalid
from retention.core.managed.models import Approvable
from retention.core.managed.services import move_state, possible_moves
from retention.core.managed.states import Move
from retention.core.managed.views.base import ManagedPage
from retention.core.ui.filters import parse_number


class ApprovalPage(ManagedPage):
    """Mixin of the detail page of a kind that needs approval: offers the moves of its state as buttons."""

    model: type[Approvable]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moves = possible_moves(self.object, self.user)
        return super().get_context_data(moves=moves, move_url=self.url("approval", self.object.code), **kwargs)


class ManagedApproval(ManagedPage, View):
    """POST `move` (a value of states.Move) and `version`. URL name: "<model>-approval"."""

    model: type[Approvable]
    http_method_names = ["post"]

    def move(self, **asked: Any) -> Approvable:
        """What a kind does more with a move than to record it, it does here. Raises as services.move_state."""
        return move_state(model=self.model, actor=self.user, **asked)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        sent, version = request.POST.get("move", ""), request.POST.get("version", "")
        if sent not in Move.values:
            raise Invalid(_("There is no such step."), details=[{"field": "move", "code": "unknown"}])
        try:
            row = self.move(code=code, version=parse_number(version) or 0, move=Move(sent))
        except Conflict as problem:
            messages.error(request, str(problem))
        else:
            state = row.get_state_display()
            messages.success(request, _("%(name)s: %(state)s.") % {"name": row.title, "state": state})
        return redirect(self.url("", code))
