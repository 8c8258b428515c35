"""Telling people: who approves, who has written, who has suggested."""

from datetime import datetime

from django.urls import reverse

from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.managed.permissions import may_decide
from retention.core.managed.services import authors_of
from retention.core.notices.models import Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message
from workorders.declarations import ARTICLE_SETTLED, ARTICLE_SUBMITTED, SUGGESTION_SETTLED
from workorders.knowledge.kinds import Wish
from workorders.knowledge.models import Article, Suggestion


def tell_approvers(*, article: Article, actor: User, now: datetime) -> int:
    """A notice to the managers who may approve the article, without any of them to administrators."""
    authors = authors_of(article)
    people = User.objects.filter(is_active=True, role__in=[Role.MANAGER, Role.ADMINISTRATOR]).select_related("branch")
    deciders = [
        one
        for one in people
        if one.pk not in authors and may_decide(actor=one, permission=Article.approve_permission, branch=article.branch)
    ]
    managers = [one for one in deciders if one.role == Role.MANAGER]
    what = Message(ARTICLE_SUBMITTED, {"name": actor.display_name, "article": article.code})
    return notify(people=managers or deciders, what=what, where=_page(article), urgency=Urgency.NORMAL, now=now)


def tell_author(*, article: Article, actor: User, approved: bool, now: datetime) -> None:
    if article.author is not None:
        what = Message(ARTICLE_SETTLED, {"article": article.code, "approved": approved, "name": actor.display_name})
        notify(people=[article.author], what=what, where=_page(article), urgency=Urgency.NORMAL, now=now)


def tell_suggester(*, suggestion: Suggestion, now: datetime) -> None:
    params = {"adopted": suggestion.state == Wish.ADOPTED, "answer": suggestion.answer}
    where = _page(suggestion.article) if suggestion.article else reverse("knowledge:articles")
    what = Message(SUGGESTION_SETTLED, params)
    notify(people=[suggestion.person], what=what, where=where, urgency=Urgency.NORMAL, now=now)


def _page(article: Article) -> str:
    return reverse("knowledge:article", args=[article.code])
