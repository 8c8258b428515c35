"""Declarations for lower apps, which must not import this one: the search box finds articles by their code."""

from django.urls import reverse

from customers.directory import search_resolvers
from retention.core.accounts.models import User
from workorders.knowledge.models import Article
from workorders.knowledge.queries.listing import seen_by


def register() -> None:
    search_resolvers.register_resolver(article_by_code)


def article_by_code(user: User, text: str) -> str | None:
    """The address of the article with exactly this code, or exactly this title in one of the languages.

    Words are searched for on the page of the knowledge base: here they are names of customers."""
    if not user.may(Article.view_permission):
        return None
    text = text.strip()
    seen = seen_by(user)
    found = (
        seen.filter(code__iexact=text).first()
        or seen.filter(current__name__iexact=text).first()
        or seen.filter(current__name_zh=text).first()
    )
    return reverse("knowledge:article", args=[found.code]) if found else None
