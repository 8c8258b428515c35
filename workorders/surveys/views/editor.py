"""The editor: every press saves the draft, finished or not, and shows what is wrong at its row."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict
from retention.core.ui.filters import parse_number
from workorders.surveys.editor import Editor, act
from workorders.surveys.forms import NameForm
from workorders.surveys.models import Questionnaire
from workorders.surveys.problems import problems
from workorders.surveys.queries import find_version
from workorders.surveys.services import editing
from workorders.surveys.tree import read
from workorders.surveys.variables import VARIABLES
from workorders.surveys.views.pages import LIST


@require("surveys.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """`do` is what else is done with the rows: see editor.act; `publish` publishes what was saved."""
    row = find_version(code)
    if request.method == "POST":
        return _save(request, row)
    if not row.is_draft:
        messages.info(request, _("A published version never changes. Begin a draft of the next one."))
        return redirect("surveys:questionnaire", code)
    return _page(request, row, NameForm(initial={"name": row.name, "name_zh": row.name_zh}), _checked(row))


def _save(request: StaffRequest, row: Questionnaire) -> HttpResponse:
    names, editor = NameForm(request.POST), Editor.of_post(request.POST)
    if not (editor.is_valid() and names.is_valid()):
        return _page(request, row, names, editor, status=422)
    tree, action = editor.stored(), request.POST.get("do", "")
    opened = act(tree, action)
    try:
        saved = editing.save_tree(
            actor=request.user,
            code=row.code,
            edits=parse_number(request.POST.get("edits", "")) or 0,
            name=names.cleaned_data["name"],
            name_zh=names.cleaned_data["name_zh"],
            tree=tree,
            now=clock.now(),
        )
    except Conflict as problem:
        return _page(request, row, names, editor, status=problem.status, error=problem)
    if opened is not None or action:
        address = f"?row={opened}#row-{opened}" if opened is not None else ""
        return redirect(f"{request.path}{address}")
    if problems(saved.as_tree()):
        messages.info(request, _("Saved. What is still wrong stands at its row."))
        return redirect(request.path)
    messages.success(request, _("Saved. It can be published."))
    return redirect("surveys:questionnaire", row.code)


def _checked(row: Questionnaire) -> Editor:
    """The stored rows, those with problems open."""
    editor = Editor.of_tree(row.tree)
    editor.attach(problems(read(row.tree)))
    return editor


def _page(
    request: StaffRequest,
    row: Questionnaire,
    names: NameForm,
    editor: Editor,
    *,
    status: int = 200,
    error: Conflict | None = None,
) -> HttpResponse:
    opened = parse_number(request.GET.get("row", ""))
    for one in editor.rows:
        one.is_open = one.is_open or bool(one.problems) or one.place == opened
    context: dict[str, Any] = {
        "row": row,
        "names": names,
        "editor": editor,
        "error": error,
        "edits": request.POST.get("edits", row.edits),
        "whole": [one for one in problems(read(row.tree)) if one.row is None],
        "variables": VARIABLES,
        "parents": [*LIST, row.code],
    }
    return render(request, "workorders/surveys/edit.html", context, status=status)
