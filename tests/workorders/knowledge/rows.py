"""Articles as tests need them: written by one person, approved by another, opened on calls."""

from datetime import datetime
from typing import Any

from retention.core.accounts.models import User
from retention.core.managed import services
from retention.core.managed.states import Move
from tests.factories import NOW, make_user, number
from workorders.knowledge.models import Article
from workorders.knowledge.services.approval import move_article


def write_article(*, author: User | None = None, **given: Any) -> Article:
    """A draft."""
    values = {
        "name": "Too expensive", "name_zh": "嫌资费贵", "question": "The others are cheaper.",
        "question_zh": "别家比你们便宜。", "body": "Look at the bill together.", "body_zh": "一起看账单。",
    }  # fmt: skip
    code = given.pop("code", "") or number("a").lower()
    author = author or make_user(role="administrator")
    return services.create(model=Article, actor=author, code=code, values=values | given)


def approve(article: Article, *, by: User | None = None, now: datetime = NOW) -> Article:
    """Submitted by its author, approved by another."""
    boss = make_user(role="administrator")
    if article.state == "draft":
        author = article.author or boss
        move_article(actor=author, code=article.code, version=article.version, move=Move.SUBMIT, now=now)
    by = by or make_user(role="administrator")
    return move_article(actor=by, code=article.code, version=article.version, move=Move.APPROVE, now=now)


def make_article(**given: Any) -> Article:
    """One that is read."""
    return approve(write_article(**given))


def change(article: Article, *, actor: User, **values: Any) -> Article:
    return services.update(model=Article, actor=actor, code=article.code, version=article.version, values=values)
