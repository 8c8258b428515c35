"""What readers suggest, and the answers of those who write."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid, NotFound
from retention.core.ui.listing import ListPage
from workorders.knowledge.forms import SettleForm, SuggestionFilter, SuggestionForm
from workorders.knowledge.kinds import Wish
from workorders.knowledge.models import Suggestion
from workorders.knowledge.services.use import settle, suggest
from workorders.knowledge.tables import SuggestionTable


class SuggestionList(ListPage):
    name = "article-suggestions"
    permission = "knowledge.view"
    subtitle = gettext_lazy("Who writes articles sees all of them and answers; others see their own.")
    parent = ("knowledge:articles", gettext_lazy("Knowledge base"))
    table_class = SuggestionTable
    form_class = SuggestionFilter
    template_name = "workorders/knowledge/suggestions.html"

    def get_queryset(self) -> QuerySet[Suggestion]:
        rows = Suggestion.objects.visible_to(self.user).for_list()
        return rows.filter(state=self.cleaned["state"]) if self.cleaned.get("state") else rows

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"suggestion_form": SuggestionForm()}


@require("knowledge.view")
@require_GET
def suggestion_page(request: StaffRequest, pk: int) -> HttpResponse:
    row = Suggestion.objects.visible_to(request.user).for_list().filter(pk=pk).first()
    if row is None:
        raise Http404(str(pk))
    may_settle = request.user.may("knowledge.edit") and row.state == Wish.OPEN and row.person_id != request.user.pk
    context = {"suggestion": row, "settle_form": SettleForm() if may_settle else None}
    return render(request, "workorders/knowledge/suggestion.html", context)


@require("knowledge.view")
@require_POST
def make_suggestion(request: StaffRequest) -> HttpResponse:
    """POST `text`, and `article`: its code, nothing for a new one."""
    code = request.POST.get("article", "")
    form = SuggestionForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid(str(next(iter(form.errors.values()))[0]))
        suggest(person=request.user, text=form.cleaned_data["text"], code=code, now=clock.now())
    except NotFound as error:
        raise Http404(code) from error
    except Invalid as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Thank you. Those who write articles see your suggestion and answer it."))
    return redirect("knowledge:article", code) if code else redirect("knowledge:suggestions")


@require("knowledge.edit")
@require_POST
def settle_suggestion(request: StaffRequest, pk: int) -> HttpResponse:
    """POST `adopted`: yes or no, and `answer`."""
    form = SettleForm(request.POST)
    answer = form.cleaned_data["answer"] if form.is_valid() else ""
    adopted = request.POST.get("adopted") == "yes"
    try:
        settle(actor=request.user, suggestion=pk, adopted=adopted, answer=answer, now=clock.now())
    except Conflict as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Answered: who has suggested it is told."))
    return redirect("knowledge:suggestion", pk)
