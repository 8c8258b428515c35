"""Beginning and ending one's pause, and the reasons there are."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.views import INDEX, RowPage
from retention.core.errors import Conflict, NotFound
from retention.core.ui.listing import ListPage
from workorders.pauses import services
from workorders.pauses.forms import NewPauseCodeForm, PauseCodeForm
from workorders.pauses.models import PauseCode
from workorders.pauses.tables import PauseCodeTable

CODES = ("pauses:codes", gettext_lazy("Pause reasons"))


@require("work.do")
@require_POST
def begin(request: StaffRequest) -> HttpResponse:
    try:
        services.begin_pause(agent=request.user, code=request.POST.get("code", ""), now=clock.now())
    except Conflict as error:
        messages.warning(request, error.message)
    return redirect("workorders:console")


@require("work.do")
@require_POST
def end(request: StaffRequest) -> HttpResponse:
    """Ready again: a pause ends, and a wrap-up."""
    now = clock.now()
    services.end_pause(agent=request.user, now=now)
    services.end_wrap_up(agent=request.user, now=now)
    return redirect("workorders:console")


@require("work.do")
@require_POST
def extend_wrap_up(request: StaffRequest) -> HttpResponse:
    if not services.extend_wrap_up(agent=request.user, now=clock.now()):
        messages.info(request, _("The wrap-up is over, or was made longer already."))
    then = "?then=next" if request.POST.get("then") == "next" else ""
    return redirect(reverse("workorders:console") + then)


class CodeList(ListPage):
    name = "pause-reasons"
    permission = "order_types.view"
    template_name = "workorders/pauses/codes.html"
    table_class = PauseCodeTable
    parent = INDEX

    def get_queryset(self) -> QuerySet[PauseCode]:
        return PauseCode.objects.all()

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"may_edit": self.user.may("order_types.edit")}

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"may_edit": self.user.may("order_types.edit")}


class CodePages(RowPage):
    permission = "order_types.edit"

    def get_parents(self) -> list[Any]:
        return [*CODES]


class NewCode(CodePages):
    form_class = NewPauseCodeForm
    title = gettext_lazy("New pause reason")
    note = gettext_lazy("Agents choose it on their desk when they take no orders for a while.")

    def get_row(self) -> None:
        return None

    def save(self, form: NewPauseCodeForm) -> str:
        values = form.values()
        services.create_pause_code(actor=self.request.user, code=values.pop("code"), values=values)
        return reverse("pauses:codes")


class EditCode(CodePages):
    form_class = PauseCodeForm
    action = services.CODE_ACTION
    note = gettext_lazy("It holds for pauses that begin from now on; those of before keep their reason.")

    def get_row(self) -> PauseCode:
        row = PauseCode.objects.filter(code=self.kwargs["code"]).first()
        if row is None:
            raise NotFound(_("There is no such pause reason."))
        return row

    def get_title(self) -> str:
        return _("Edit %(name)s") % {"name": self.row.title}

    def save(self, form: PauseCodeForm) -> str:
        services.change_pause_code(
            actor=self.request.user, code=self.kwargs["code"], values=form.values(), seen=form.read_seen()
        )
        return reverse("pauses:codes")
