"""The flow of an order type as a drawing, its draft, a trial run, and publishing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.tables import history_table
from retention.core.administration.views import INDEX, RowPage
from retention.core.errors import Invalid, NotFound
from retention.core.managed.text import FieldText, Words
from workorders.flows import services
from workorders.flows.drawing import draw
from workorders.flows.forms import SECTIONS, DraftForm, NewTypeForm
from workorders.flows.queries import find_version, versions_of
from workorders.flows.services import DRAFT_ACTION, problems_of
from workorders.flows.tables import MoveTable, VersionTable
from workorders.flows.text import problem_rows, section_rows, stages_words
from workorders.flows.trial import choices_at, walk
from workorders.order_types.models import OrderType
from workorders.order_types.text import FlowText
from workorders.order_types.views import TYPES

# So many moves of a trial run are kept in the address.
MAX_TRIAL_STEPS = 60


def _parents(row: OrderType) -> list[Any]:
    return [*INDEX, *TYPES, reverse("order_types:type", args=[row.code]), row.title]


@require("order_types.view")
@require_safe
def flow_page(request: StaffRequest, code: str) -> HttpResponse:
    """One version: its drawing, its moves, what is wrong with it, and all versions with their running orders."""
    row = find_version(code, request.GET.get("version", ""))
    found = problems_of(row)
    flow = row.staged
    wrong = {one.row.removeprefix("stage:") for one in found}
    context = {
        "row": row,
        "is_draft": row.status == OrderType.Status.DRAFT,
        "drawing": draw(flow=flow, title=_("Flow of %(name)s") % {"name": row.title}, wrong=wrong),
        "moves": MoveTable(flow),
        "problems": problem_rows(found, row),
        "versions": VersionTable(versions_of(code, user=request.user)),
        "history": history_table(
            target=f"ordertype:{code}", action=DRAFT_ACTION, text=FieldText(OrderType, _words())
        ),
        "may_edit": request.user.may("order_types.edit"),
        "parents": _parents(row),
    }  # fmt: skip
    return render(request, "workorders/flows/flow.html", context)


@require("order_types.view")
@require_safe
def trial_page(request: StaffRequest, code: str) -> HttpResponse:
    """An imaginary order: `steps` are the moves pressed so far. Nothing is written."""
    row = find_version(code, request.GET.get("version", ""))
    flow = row.staged
    pressed = [one for one in request.GET.get("steps", "").split(",") if one][:MAX_TRIAL_STEPS]
    trial = walk(flow, pressed)
    here = trial.stage.key if trial.stage else ""
    taken = pressed[: len(trial.trail) - 1]
    context = {
        "row": row,
        "trial": trial,
        "drawing": draw(flow=flow, title=_("Flow of %(name)s") % {"name": row.title}, here=here),
        "choices": [(one, _address(row, [*taken, one.key])) for one in choices_at(flow, trial)],
        "back": _address(row, taken[:-1]) if taken else "",
        "again": _address(row, []),
        "full": len(taken) >= MAX_TRIAL_STEPS,
        "parents": [*_parents(row), reverse("flows:flow", args=[code]), _("Flow")],
    }
    return render(request, "workorders/flows/trial.html", context)


def _address(row: OrderType, steps: list[str]) -> str:
    query = QueryDict(mutable=True)
    query["version"] = str(row.version)
    if steps:
        query["steps"] = ",".join(steps)
    return f"{reverse('flows:trial', args=[row.code])}?{query.urlencode(safe=',')}"


class EditDraft(RowPage):
    permission = "order_types.edit"
    form_class = DraftForm
    template_name = "workorders/flows/draft.html"
    action = DRAFT_ACTION
    note = gettext_lazy("Running orders keep their version. New orders take this one once it is published.")

    def get_row(self) -> OrderType:
        row = OrderType.objects.drafts().filter(code=self.kwargs["code"]).first()
        if row is None:
            raise NotFound(_("There is no draft of this order type."))
        return row

    def get_title(self) -> str:
        return _("%(name)s, version %(version)s") % {"name": self.row.title, "version": self.row.version}

    def get_parents(self) -> list[Any]:
        return [*_parents(self.row)[len(INDEX) :], reverse("flows:flow", args=[self.row.code]), _("Flow")]

    def get_words(self) -> Words:
        return _words()

    def get_target(self, row: Any) -> str:
        return f"ordertype:{row.code}"

    def post(self, request: StaffRequest, **arguments: Any) -> HttpResponse:
        """Saves, or gives one of the lists another empty row (`add`)."""
        prefix = request.POST.get("add", "")
        if prefix not in SECTIONS:
            return super().post(request, **arguments)
        data = request.POST.copy()
        count = data.get(f"{prefix}-TOTAL_FORMS", "")
        data[f"{prefix}-TOTAL_FORMS"] = str(int(count) + 1) if count.isdigit() else "1"
        return self.answer(self.make_form(self.get_row(), data))

    def save(self, form: DraftForm) -> str:
        services.change_draft(
            actor=self.request.user, code=self.kwargs["code"], values=form.values(), seen=form.read_seen()
        )
        return reverse("flows:draft", args=[self.row.code])

    def get_context_data(self) -> dict[str, Any]:
        found = problems_of(self.row)
        flow = self.row.staged
        wrong = {one.row.removeprefix("stage:") for one in found}
        return {
            "row": self.row,
            "problems": problem_rows(found, self.row),
            "sections": section_rows(self.form, found),
            "drawing": draw(flow=flow, title=_("Flow of %(name)s") % {"name": self.row.title}, wrong=wrong),
        }

    def make_form(self, row: Any, data: Any = None) -> Any:
        self.form = super().make_form(row, data)
        return self.form


class NewType(RowPage):
    permission = "order_types.edit"
    form_class = NewTypeForm
    title = gettext_lazy("New order type")
    note = gettext_lazy("It begins as a draft with the usual stages and moves; orders take it once it is published.")

    def get_row(self) -> None:
        return None

    def get_title(self) -> str:
        return str(self.title)

    def get_parents(self) -> list[Any]:
        return [*TYPES]

    def save(self, form: NewTypeForm) -> str:
        values = form.values()
        row = services.create_type(actor=self.request.user, code=values.pop("code"), values=values)
        return reverse("flows:draft", args=[row.code])


@require("order_types.edit")
@require_POST
def start_draft(request: StaffRequest, code: str) -> HttpResponse:
    services.start_draft(actor=request.user, code=code)
    return redirect("flows:draft", code)


@require("order_types.edit")
@require_POST
def publish(request: StaffRequest, code: str) -> HttpResponse:
    try:
        row = services.publish_draft(actor=request.user, code=code)
    except Invalid as error:
        messages.warning(request, error.message)
        return redirect("flows:draft", code)
    messages.success(request, _("Version %(version)s is published: new orders take it.") % {"version": row.version})
    return redirect("flows:flow", code)


@require("order_types.edit")
@require_POST
def discard(request: StaffRequest, code: str) -> HttpResponse:
    services.discard_draft(actor=request.user, code=code)
    messages.success(request, _("The draft is given up."))
    return redirect("order_types:types")


def _words() -> Words:
    return {**FlowText().words(), "stages": stages_words, "moves": stages_words, "fields": stages_words}
