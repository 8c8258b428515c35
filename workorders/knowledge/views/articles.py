"""Articles: list, writing, copying, earlier texts of those who write, submitting and approving, retiring."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, DomainError
from retention.core.managed.models import Approvable
from retention.core.managed.queries import find_row
from retention.core.managed.states import Move, State
from retention.core.managed.text import Words
from retention.core.managed.views.approval import ManagedApproval
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedSwitch, ManagedUpdate, ManagedWrite
from retention.core.managed.views.listing import ManagedList
from retention.core.managed.views.versions import ManagedRestore, ManagedVersions
from retention.core.ui.listing import ListPage
from workorders.knowledge.forms import ArticleFilter, ArticleForm
from workorders.knowledge.models import Article
from workorders.knowledge.queries.listing import listed, tags_in_use
from workorders.knowledge.queries.search import Found
from workorders.knowledge.services.approval import move_article, reinstate, retire
from workorders.knowledge.tables import ArticleTable
from workorders.knowledge.text import link_words


class ArticleList(ManagedList):
    model = Article
    name = "articles"
    permission = "knowledge.view"
    subtitle = gettext_lazy("What helps on calls: answers to objections, articles and hints, each approved.")
    table_class = ArticleTable
    form_class = ArticleFilter
    template_name = "workorders/knowledge/list.html"
    found: Found | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"tags": tags_in_use(self.user), "writes": self.user.may(Article.edit_permission)}

    def get_queryset(self) -> QuerySet[Article]:
        rows, self.found = listed(self.user, self.cleaned)
        return rows

    def get_table_kwargs(self) -> dict[str, Any]:
        return {
            "approves": self.user.may(Article.approve_permission),
            "exclude": () if self.user.may(Article.edit_permission) else ("standing",),
        }

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"found": self.found}


class ArticlePages(ManagedPage):
    model: type[Approvable] = Article
    kind_form = ArticleForm
    templates = "workorders/knowledge"

    def get_words(self) -> Words:
        return link_words()


class NewArticle(ArticlePages, ManagedCreate):
    pass


class EditArticle(ArticlePages, ManagedUpdate):
    pass


class CopyArticle(ArticlePages, ManagedCopy):
    saved_text = property(lambda self: _("Copied. The copy is a draft."))


class ArticleDrafts(ArticlePages, ManagedWrite, ManagedVersions):
    """Every text that was saved, approved or not; for those who write."""


class RestoreArticle(ArticlePages, ManagedRestore):
    pass


class ApproveArticle(ArticlePages, ManagedWrite, ManagedApproval):
    def move(self, **asked: Any) -> Article:
        return move_article(actor=self.user, now=clock.now(), **asked)


class RetireArticle(ArticlePages, ManagedSwitch):
    """POST `to`: "off" retires the article, "on" puts its last version in use again."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        try:
            if request.POST.get("to") == "on":
                article = reinstate(actor=self.user, code=code)
                messages.success(request, _("%(name)s is read again.") % {"name": article.title})
            else:
                article = retire(actor=self.user, code=code, now=clock.now())
                messages.success(request, _("%(name)s is retired: nobody reads it any more.") % {"name": article.title})
        except Conflict as problem:
            messages.error(request, str(problem))
        return redirect(self.url("", code))


@require("knowledge.approve")
@require_POST
def approve_selected(request: StaffRequest) -> HttpResponse:
    """Approve the ticked articles, or with all=1 those of the list, that are submitted and written by others."""
    query = request.POST.get("query", "")
    page: ListPage = ArticleList.of_query(user=request.user, query=query)
    rows = page.get_rows()
    if request.POST.get("all") != "1":
        rows = rows.filter(code__in=request.POST.getlist("row"))
    approved, refused = 0, ""
    for code, version in rows.filter(state=State.SUBMITTED).values_list("code", "version"):
        try:
            move_article(actor=request.user, code=code, version=version, move=Move.APPROVE, now=clock.now())
            approved += 1
        except DomainError as problem:
            refused = str(problem)
    if refused:
        messages.warning(request, _("Not all of them could be approved: %(why)s") % {"why": refused})
    messages.success(request, _("Articles approved: %(count)s.") % {"count": approved})
    return redirect(f"{reverse('knowledge:articles')}{f'?{query}' if query else ''}")


def article_of(request: StaffRequest, code: str) -> Article:
    return find_row(model=Article, actor=request.user, code=code)
