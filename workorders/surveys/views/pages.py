"""The list of questionnaires, one with its versions, the preview, and what is done with one."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid
from retention.core.ui.filters import parse_number
from retention.core.ui.listing import ListPage
from workorders.order_types.models import OrderType
from workorders.order_types.text import between
from workorders.surveys.forms import NewForm
from workorders.surveys.models import Questionnaire
from workorders.surveys.problems import problems
from workorders.surveys.queries import find_version, types_by_questionnaire
from workorders.surveys.services import editing
from workorders.surveys.tables import QuestionnaireTable, VersionTable
from workorders.surveys.text import browser_blocks, shown_blocks
from workorders.surveys.variables import EXAMPLES

LIST = ("surveys:questionnaires", gettext_lazy("Scripts and questionnaires"))


class QuestionnaireList(ListPage):
    name = "questionnaires"
    permission = "surveys.view"
    template_name = "workorders/surveys/list.html"
    table_class = QuestionnaireTable

    def get_queryset(self) -> list[Questionnaire]:
        return list(Questionnaire.objects.newest())

    def get_table_kwargs(self) -> dict[str, Any]:
        asked = types_by_questionnaire()
        return {"asking": {code: between([row.title for row in rows]) for code, rows in asked.items()}}

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"may_edit": self.user.may("surveys.edit")}


@require("surveys.view")
@require_safe
def questionnaire_page(request: StaffRequest, code: str) -> HttpResponse:
    row = find_version(code)
    asked = types_by_questionnaire().get(code, [])
    may_ask = request.user.may("surveys.edit") and request.user.may("order_types.edit")
    context = {
        "row": row,
        "versions": VersionTable(_with_answers(code)),
        "problems": problems(row.as_tree()) if row.is_draft else [],
        "blocks": shown_blocks(row.as_tree(), {}, EXAMPLES, {}),
        "asked": asked,
        "others": [one for one in OrderType.objects.current() if one not in asked] if may_ask else [],
        "may_ask": may_ask,
        "may_edit": request.user.may("surveys.edit"),
        "parents": LIST,
    }
    return render(request, "workorders/surveys/questionnaire.html", context)


def _with_answers(code: str) -> QuerySet[Questionnaire]:
    standing = Count("responses", filter=Q(responses__replaced_at=None))
    return Questionnaire.objects.versions_of(code).select_related("edited_by").annotate(answered=standing)


@require("surveys.view")
@require_safe
def preview(request: StaffRequest, code: str, version: int) -> HttpResponse:
    """The version as an agent sees it, with examples for the names; nothing is sent or kept."""
    row = find_version(code, version)
    context = {
        "row": row,
        "survey": row,
        "blocks": shown_blocks(row.as_tree(), {}, EXAMPLES, {}),
        "rules": browser_blocks(row.tree),
        "parents": [*LIST, code],
    }
    return render(request, "workorders/surveys/preview.html", context)


@require("surveys.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new_questionnaire(request: StaffRequest, code: str = "") -> HttpResponse:
    """A new one, empty; below the address of another a copy of that."""
    source = find_version(code) if code else None
    names = {"name": source.name, "name_zh": source.name_zh} if source else None
    form = NewForm(request.POST or None, initial=names)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            values = {"actor": request.user, "name": given["name"], "name_zh": given["name_zh"], "now": clock.now()}
            try:
                if source:
                    editing.copy_questionnaire(code=code, new_code=given["code"], **values)
                else:
                    editing.create_questionnaire(code=given["code"], **values)
                return redirect("surveys:edit", given["code"])
            except Conflict as problem:
                form.add_error("code", problem.message)
                status = problem.status
    context = {"form": form, "source": source, "parents": LIST}
    return render(request, "workorders/surveys/new.html", context, status=status)


@require("surveys.edit")
@require_POST
def begin_draft(request: StaffRequest, code: str) -> HttpResponse:
    """A draft with the rows of the version `of`, by default of the newest."""
    of = parse_number(request.POST.get("of", ""))
    editing.begin_draft(actor=request.user, code=code, of=of, now=clock.now())
    return redirect("surveys:edit", code)


@require("surveys.edit")
@require_POST
def discard(request: StaffRequest, code: str) -> HttpResponse:
    try:
        editing.discard_draft(actor=request.user, code=code, edits=_edits(request))
        messages.success(request, _("The draft is discarded."))
    except Conflict as problem:
        messages.warning(request, problem.message)
    if Questionnaire.objects.filter(code=code).exists():
        return redirect("surveys:questionnaire", code)
    return redirect("surveys:questionnaires")


@require("surveys.edit")
@require_POST
def publish(request: StaffRequest, code: str) -> HttpResponse:
    try:
        row = editing.publish(actor=request.user, code=code, edits=_edits(request), now=clock.now())
    except (Invalid, Conflict) as problem:
        messages.warning(request, problem.message)
        return redirect("surveys:questionnaire", code)
    messages.success(
        request, _("Version %(version)s is published: orders opened from now on ask it.") % {"version": row.version}
    )
    return redirect("surveys:questionnaire", code)


@require("order_types.edit")
@require_POST
def ask(request: StaffRequest, code: str) -> HttpResponse:
    """`type` asks this questionnaire from now on; with `stop` not any more."""
    find_version(code)
    try:
        asked = "stop" not in request.POST
        row = editing.ask_in_type(actor=request.user, code=code, order_type=request.POST.get("type", ""), asked=asked)
        messages.success(request, _("Saved: orders of the type %(name)s opened from now on.") % {"name": row.title})
    except (Invalid, Conflict) as problem:
        messages.warning(request, problem.message)
    return redirect("surveys:questionnaire", code)


def _edits(request: StaffRequest) -> int:
    return parse_number(request.POST.get("edits", "")) or 0
