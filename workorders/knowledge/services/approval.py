"""Submitting, approving, retiring: which version is read. The row of the article is locked throughout."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg2.extras import execute_batch

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict
from retention.core.managed.queries import find_row
from retention.core.managed.services import move_state, require_own_branch
from retention.core.managed.states import Move, State
from workorders.knowledge import words
from workorders.knowledge.models import Article, ArticleVersion, ArticleWord
from workorders.knowledge.services.notices import tell_approvers, tell_author

_COPIED = ("kind", "name", "name_zh", "question", "question_zh", "body", "body_zh", "tags", "tags_zh")
_INDEX_SQL = f"""
    UPDATE {ArticleVersion._meta.db_table} SET
        index = setweight(to_tsvector('english', %(title)s), 'A')
            || setweight(to_tsvector('english', %(question)s), 'B') || %(head_words)s::tsvector,
        body_index = setweight(to_tsvector('english', %(body)s), 'C') || %(body_words)s::tsvector
    WHERE id = %(id)s
"""


@transaction.atomic
def move_article(*, actor: User, code: str, version: int, move: Move, now: datetime) -> Article:
    """Submit, approve or send back the article as it stood at `version`; an approved one is what is read from now on.

    Raises as managed.services.move_state: its authors since the last approval are Refused."""
    article = move_state(model=Article, actor=actor, code=code, version=version, move=move)
    if move == Move.APPROVE:
        _put_in_use(article, _freeze(article, actor=actor, now=now), actor=actor)
    if move == Move.SUBMIT:
        tell_approvers(article=article, actor=actor, now=now)
    else:
        tell_author(article=article, actor=actor, approved=move == Move.APPROVE, now=now)
    return article


@transaction.atomic
def retire(*, actor: User, code: str, now: datetime) -> Article:
    """Nobody reads or finds the article any more; its versions and figures stay. Conflict when it is not in use."""
    article = _locked(actor=actor, code=code)
    if article.current is None:
        raise Conflict(_("This article is not in use."), code="wrong_state")
    ArticleVersion.objects.filter(pk=article.current.pk).update(index=None, body_index=None)
    _record(article, actor=actor, enabled=False, current=None, retired_at=now)
    return article


@transaction.atomic
def reinstate(*, actor: User, code: str) -> Article:
    """The version that was read last is read again. Conflict when the article is not retired."""
    article = _locked(actor=actor, code=code)
    newest = ArticleVersion.objects.of(article).first()
    if article.retired_at is None or newest is None:
        raise Conflict(_("This article is not retired."), code="wrong_state")
    _put_in_use(article, newest, actor=actor)
    return article


def _locked(*, actor: User, code: str) -> Article:
    article = find_row(model=Article, actor=actor, code=code, lock=True)
    require_own_branch(article, actor, permission=Article.approve_permission)
    return article


def _freeze(article: Article, *, actor: User, now: datetime) -> ArticleVersion:
    return ArticleVersion.objects.create(
        article=article, number=article.version, links=article.links(), author=article.author, approved_by=actor,
        approved_at=now, **{name: getattr(article, name) for name in _COPIED},
    )  # fmt: skip


def _put_in_use(article: Article, version: ArticleVersion, *, actor: User) -> None:
    if article.current_id not in (None, version.pk):
        ArticleVersion.objects.filter(pk=article.current_id).update(index=None, body_index=None)
    index_version(version)
    as_written = article.state == State.APPROVED and article.version == version.number
    _record(article, actor=actor, enabled=as_written, current=version, retired_at=None)


def _record(article: Article, *, actor: User, **values: object) -> None:
    """Set the fields and keep in the trail which version is read."""
    before = article.current.number if article.current else None
    for name, value in values.items():
        setattr(article, name, value)
    article.save(update_fields=list(values))
    changes = {"current": [before, article.current.number if article.current else None]}
    audit.record(actor=actor, action=article.change_action(), target=article, changes=changes)


def index_version(version: ArticleVersion) -> None:
    """Store the words by which a version in use is found. It has its article."""
    index_versions([version])


def index_versions(versions: Sequence[ArticleVersion]) -> None:
    """As index_version, of many."""
    with connection.cursor() as cursor:
        execute_batch(cursor, _INDEX_SQL, [_words_of(one) for one in versions])
    latin = {
        word
        for one in versions
        for word in words.latin_words([one.name, *one.tags, *one.tags_zh, one.question, one.body])
    }
    ArticleWord.objects.bulk_create(
        [ArticleWord(word=one, deletes=words.deletes(one)) for one in sorted(latin)], ignore_conflicts=True
    )


def _words_of(version: ArticleVersion) -> dict[str, Any]:
    head = words.title_lexemes([version.name, version.name_zh, *version.tags, *version.tags_zh, version.article.code])
    for word, weight in words.text_lexemes([version.question, version.question_zh], weight="B").found.items():
        head.add([word], weight)
    return {
        "id": version.pk, "title": " ".join([version.name, *version.tags]), "question": version.question,
        "body": version.body, "head_words": head.literal(),
        "body_words": words.text_lexemes([version.body, version.body_zh], weight="C").literal(),
    }  # fmt: skip
