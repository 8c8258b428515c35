"""Reading: an article with its figures, its versions and their differences, votes, the calls it was used in."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import NotFound
from retention.core.managed.permissions import may_decide
from retention.core.managed.services import possible_moves
from retention.core.managed.views.detail import ManagedDetail
from retention.core.ui.filters import parse_number
from retention.core.ui.glossary import meaning
from retention.core.ui.listing import ListPage
from workorders.knowledge.forms import CallFilter, SuggestionForm
from workorders.knowledge.models import Article, ArticleVersion, Vote
from workorders.knowledge.queries.figures import with_figures
from workorders.knowledge.queries.listing import calls_with, seen_by
from workorders.knowledge.services.use import vote
from workorders.knowledge.tables import ArticleCallTable, PublishedTable, format_badge
from workorders.knowledge.text import blocks, compare, format_votes, linked_to, question_label, quoted
from workorders.knowledge.views.articles import ArticlePages
from workorders.orders.models import WorkOrder


class ArticlePage(ArticlePages, ManagedDetail):
    """What is read, and for those who write what stands behind it."""

    def get_queryset(self) -> QuerySet:
        rows = seen_by(self.user).with_standing().select_related("current", "branch", "author", "approved_by")
        return with_figures(rows, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        article: Any = self.object
        writes = self.user.may(Article.edit_permission)
        decides = may_decide(actor=self.user, permission=Article.approve_permission, branch=article.branch)
        context = super().get_context_data(**kwargs) | {
            "standing": format_badge(article.standing) if writes else "",
            "writes": writes,
            "shown": shown(article.current or article),
            "figures": figures(article, may_see_calls=self.user.may("knowledge.calls")),
            "own_vote": own_vote(article.current, self.user.pk),
            "may_retire": decides and article.current is not None,
            "may_reinstate": decides and article.retired_at is not None,
            "suggestion_form": SuggestionForm() if article.current else None,
            "moves": possible_moves(article, self.user) if writes else [],
            "move_url": self.url("approval", article.code),
            **self._published(article),
        }
        if not writes:  # What was written and not approved is for those who write.
            context |= {"history": []}
        return context

    def _published(self, article: Article) -> dict[str, Any]:
        versions = list(ArticleVersion.objects.of(article))
        url = reverse("knowledge:compare", args=[article.code])
        return {
            "published": PublishedTable(versions, compare_url=url) if versions else None,
            "links": linked_to(article.current) if article.current else [],
            "waiting": article.current is not None and not article.enabled and self.user.may(Article.edit_permission),
        }


def shown(version: Any) -> dict[str, Any]:
    """An article as it is read: of a version, or of an article that nobody reads yet."""
    return {
        "title": version.title,
        "question": quoted(version),
        "question_label": question_label(version.kind),
        "blocks": blocks(version.words),
        "tags": version.labels,
        "kind": version.get_kind_display(),
    }


def figures(article: Any, *, may_see_calls: bool) -> list[dict[str, Any]]:
    """For definitions: label, value, hint, and for who may follow it the address of exactly the counted rows."""
    calls = reverse("knowledge:calls", args=[article.code]) if may_see_calls else ""
    return [
        {
            "label": _("Useful"), "value": format_votes(article.useful, article.voted),
            "hint": meaning("article_votes"),
        },
        {
            "label": _("Opened on calls"), "value": article.calls, "hint": meaning("article_calls"),
            "href": calls if article.calls else "",
        },
        {
            "label": _("Used in successful calls"), "value": article.successes, "hint": meaning("article_successes"),
            "href": f"{calls}?counted={CallFilter.SUCCESSFUL}" if calls and article.successes else "",
        },
    ]  # fmt: skip


def own_vote(version: ArticleVersion | None, person: int) -> bool | None:
    """What the person has said of the version; None for nothing."""
    return Vote.objects.filter(version=version, person=person).values_list("useful", flat=True).first()


@require("knowledge.view")
@require_POST
def cast_vote(request: StaffRequest, code: str) -> HttpResponse:
    """POST `useful`: yes or no. htmx is answered with the vote alone, which the page and the call screen show."""
    useful = request.POST.get("useful") == "yes"
    try:
        version = vote(person=request.user, code=code, useful=useful, now=clock.now())
    except NotFound as error:
        raise Http404(code) from error
    if request.htmx:
        return render(request, "workorders/knowledge/_vote.html", vote_context(version, request.user.pk))
    messages.success(request, _("Your vote is counted."))
    return redirect("knowledge:article", code)


def vote_context(version: ArticleVersion, person: int) -> dict[str, Any]:
    return {"code": version.article.code, "own_vote": own_vote(version, person)}


@require("knowledge.view")
@require_GET
def compare_versions(request: StaffRequest, code: str) -> HttpResponse:
    """GET `old`, `new`: numbers of versions that were read, by default the last two."""
    article = seen_by(request.user).select_related("current").filter(code=code).first()
    versions = list(ArticleVersion.objects.of(article)) if article else []
    if not versions:
        raise Http404(code)
    by_number = {one.number: one for one in versions}
    new = by_number.get(parse_number(request.GET.get("new", "")) or 0, versions[0])
    earlier = next((one for one in versions if one.number < new.number), new)
    old = by_number.get(parse_number(request.GET.get("old", "")) or 0, earlier)
    context = {"article": article, "versions": versions, "old": old, "new": new, "differences": compare(old, new)}
    return render(request, "workorders/knowledge/compare.html", context)


class ArticleCalls(ListPage):
    """The orders on whose call screen an article was opened; the figures of the article count its rows."""

    name = "article-calls"
    permission = "knowledge.calls"
    template_name = "workorders/knowledge/calls.html"
    table_class = ArticleCallTable
    form_class = CallFilter
    subtitle = gettext_lazy("Orders on whose call screen an agent has opened the article, in any version.")

    @cached_property
    def article(self) -> Article:
        found = seen_by(self.user).select_related("current").filter(code=self.kwargs["code"]).first()
        if found is None:
            raise Http404
        return found

    @property
    def title(self) -> str | Promise:  # type: ignore[override]  # of the article, not of the class
        return _("Calls with %(article)s") % {"article": (self.article.current or self.article).title}

    def get_queryset(self) -> QuerySet[WorkOrder]:
        return calls_with(self.article, self.user, successful=bool(self.cleaned.get("counted")))

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"article": self.article}
