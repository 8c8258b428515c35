"""Full-text search in the versions in use: all words first, then with slips corrected, then any of the words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import BooleanField, F, FloatField
from django.db.models.expressions import CombinedExpression, RawSQL

from retention.core.accounts.models import User
from workorders.knowledge import words
from workorders.knowledge.models import ArticleVersion, ArticleVersionQuerySet, ArticleWord

MAX_FOUND = 200
# Weights of D, C, B and A. What is found in the text alone stands below all that is found in a title.
_WEIGHTS = "{0.1, 0.2, 0.5, 1.0}"
_BODY_SHARE = 0.02
_TABLE = ArticleVersion._meta.db_table

Sql = tuple[str, list[str]]


@dataclass(frozen=True)
class Found:
    """ids: of versions, the best first. corrected: what was looked for instead, "" when as asked. partly: nothing has
    all the words, these have some."""

    ids: list[int]
    corrected: str = ""
    partly: bool = False


def find(*, user: User, text: str, limit: int = MAX_FOUND) -> Found:
    """Versions in use that the person may see; nothing for a text without a word to look for."""
    return find_in(ArticleVersion.objects.read_by(user), text=text, limit=limit)


def find_in(versions: ArticleVersionQuerySet, *, text: str, limit: int = MAX_FOUND) -> Found:
    asked = words.terms(text)
    if not asked:
        return Found([])
    if ids := _ranked(versions, asked, limit=limit, every=True):
        return Found(ids)
    corrected = _corrected(asked)
    if corrected != asked and (ids := _ranked(versions, corrected, limit=limit, every=True)):
        return Found(ids, corrected=" ".join(one.text for one in corrected))
    if len(asked) == 1:
        return Found([])
    return Found(_ranked(versions, corrected, limit=limit, every=False), partly=True)


def _ranked(versions: ArticleVersionQuerySet, asked: Sequence[words.Term], *, limit: int, every: bool) -> list[int]:
    """every: only what has each of the words, in its title or in its text."""
    queries = [_query(term) for term in asked]
    heads = [(f"{_TABLE}.index @@ {sql}", params) for sql, params in queries]
    bodies = [(f"{_TABLE}.body_index @@ {sql}", params) for sql, params in queries]
    either = [_joined([head, body], " OR ") for head, body in zip(heads, bodies, strict=True)]
    sql, params = _joined(either, " AND " if every else " OR ")
    rank = CombinedExpression(_head_rank(queries), "+", _body_rank(bodies), output_field=FloatField())
    matches = RawSQL(sql, params, output_field=BooleanField())  # noqa: S611  (what is asked for is a parameter)
    found = versions.filter(matches).annotate(rank=rank)
    return list(found.order_by(F("rank").desc(), "-approved_at", "pk").values_list("pk", flat=True)[:limit])


def _head_rank(queries: Sequence[Sql]) -> RawSQL:
    sql, params = _joined(queries, " || ")
    return RawSQL(f"ts_rank('{_WEIGHTS}', {_TABLE}.index, {sql})", params, output_field=FloatField())  # noqa: S611


def _body_rank(bodies: Sequence[Sql]) -> RawSQL:
    """Only whether the text has a word: weighing long texts would cost more than all else."""
    sql = " + ".join(f"coalesce(({one})::int, 0)" for one, _params in bodies)
    params = [param for _one, params in bodies for param in params]
    return RawSQL(f"{_BODY_SHARE} * ({sql})", params, output_field=FloatField())  # noqa: S611


def _query(term: words.Term) -> Sql:
    """A tsquery: words as they stand, and the stem of a Latin word."""
    if not term.stem:
        return "%s::tsquery", [term.query]
    return "(plainto_tsquery('english', %s) || %s::tsquery)", [term.stem, term.query]


def _joined(parts: Sequence[Sql], between: str) -> Sql:
    return f"({between.join(sql for sql, _params in parts)})", [param for _sql, params in parts for param in params]


def _corrected(asked: Sequence[words.Term]) -> list[words.Term]:
    """Each Latin word that stands nowhere, as the nearest one that does; the others as they are."""
    doubtful = [term for term in asked if words.allowed_slips(term.stem)]
    missing = [term for term in doubtful if not _is_known(term)]
    better = {term.text: _nearest(term.text) for term in missing}
    return [words.latin_term(found) if (found := better.get(term.text)) else replace(term) for term in asked]


def _is_known(term: words.Term) -> bool:
    (head, params), (body, _same) = [
        _joined([(f"{_TABLE}.{column} @@ {sql}", params)], "")
        for column in ("index", "body_index")
        for sql, params in [_query(term)]
    ]
    either = RawSQL(f"{head} OR {body}", [*params, *params], output_field=BooleanField())  # noqa: S611
    return ArticleVersion.objects.filter(either).exists()


def _nearest(word: str) -> str:
    """The stored word fewest slips away; "" when none is near enough."""
    near = ArticleWord.objects.filter(deletes__overlap=words.deletes(word)).values_list("word", flat=True)
    apart = sorted((words.distance(word, one), abs(len(one) - len(word)), one) for one in near)
    return apart[0][2] if apart and apart[0][0] <= words.allowed_slips(word) else ""
