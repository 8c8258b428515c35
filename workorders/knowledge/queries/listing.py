"""The lists: articles by search and filters, their tags, and the calls with an article."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from retention.core.accounts.models import User
from retention.core.db.models import pick
from workorders.knowledge.kinds import Link, link
from workorders.knowledge.models import Article, ArticleQuerySet, ArticleVersion, Opening
from workorders.knowledge.queries.figures import SUCCESSFUL, orders_with, with_figures
from workorders.knowledge.queries.search import Found, find
from workorders.orders.models import WorkOrderQuerySet


def seen_by(user: User) -> ArticleQuerySet:
    """What is read; for who writes also what is being written and what is retired."""
    rows = Article.objects.visible_to(user)
    return rows if user.may("knowledge.edit") else rows.in_use()


def listed(user: User, filters: Mapping[str, Any]) -> tuple[QuerySet[Article], Found | None]:
    """The articles that match, best first with a search, else the newest that are read; and what the search found."""
    rows = seen_by(user).with_standing().select_related("current", "branch")
    if standing := filters.get("standing"):
        rows = rows.filter(**{"standing": standing})  # annotated
    if kind := filters.get("kind"):
        rows = rows.filter(Q(current__kind=kind) | Q(current=None, kind=kind))
    if tag := filters.get("tag"):
        read = Q(current__tags__contains=[tag]) | Q(current__tags_zh__contains=[tag])
        rows = rows.filter(read | Q(current=None) & (Q(tags__contains=[tag]) | Q(tags_zh__contains=[tag])))
    if theme := filters.get("theme"):
        rows = rows.filter(
            Q(current__links__contains=[link(Link.THEME, theme)]) | Q(current=None, themes__contains=[theme])
        )
    found = find(user=user, text=filters["q"]) if filters.get("q") else None
    if found is not None:
        place = RawSQL(  # noqa: S611  (ids are parameters)
            f"array_position(%s::bigint[], {Article._meta.db_table}.current_id)", [found.ids],
            output_field=IntegerField(),
        )  # fmt: skip
        # Who writes also finds by title what nobody reads yet.
        unread = Q(current=None) & (
            Q(name__icontains=filters["q"]) | Q(name_zh__icontains=filters["q"]) | Q(code__icontains=filters["q"])
        )
        rows = rows.filter(Q(current__in=found.ids) | unread).annotate(place=place).order_by("place", "name")
    else:
        rows = rows.order_by(F("current__approved_at").desc(nulls_last=True), "name")
    return with_figures(rows, user), found


def tags_in_use(user: User) -> list[str]:
    """The tags of what the person may see, in the reader's language."""
    read = seen_by(user).in_use().values_list("current__tags", "current__tags_zh")
    unread = seen_by(user).filter(current=None).values_list("tags", "tags_zh")
    return sorted({tag for pairs in (read, unread) for tags, tags_zh in pairs for tag in pick(tags, tags_zh)})


def calls_with(article: Article, user: User, *, successful: bool) -> WorkOrderQuerySet:
    """The orders that the figures of an article count, with who opened it first, when and in which version."""
    orders = orders_with(article, user)
    orders = orders.filter(SUCCESSFUL) if successful else orders
    first = _openings_of(article).filter(order=OuterRef("pk"))
    return (
        orders.for_board()
        .annotate(
            article_opened_at=Subquery(first.values("at")[:1]),
            article_version=Subquery(first.values("version__number")[:1]),
        )
        .prefetch_related(Prefetch("article_openings", _openings_of(article), to_attr="openings_here"))
        .order_by("-article_opened_at", "-pk")
    )


def _openings_of(article: Article) -> QuerySet[Opening]:
    return Opening.objects.filter(version__article=article).select_related("agent").order_by("at", "pk")


def found_versions(ids: list[int], user: User) -> list[ArticleVersion]:
    """Versions in the order of a search, with their figures."""
    rows = with_figures(
        ArticleVersion.objects.filter(pk__in=ids).select_related("article"), user, article="article", version="pk"
    )
    by_key = {one.pk: one for one in rows}
    return [by_key[pk] for pk in ids if pk in by_key]
