"""Full-text search in the versions in use: all words first, then with slips corrected, then any of the words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import BooleanField, F, FloatField
from django.db.models.expressions import RawSQL

from retention.core.accounts.models import User
from workorders.knowledge import words
from workorders.knowledge.models import ArticleVersion, ArticleVersionQuerySet, ArticleWord

MAX_FOUND, MAX_WEIGHED = 100, 300
# Weights of D, C, B and A.
_WEIGHTS = "{0.1, 0.2, 0.5, 1.0}"
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
    """Titles with the words, the best first; then, while there is room, what has some of them in its text only.

    every: only what has each of the words."""
    queries = [_query(term) for term in asked]
    heads = [(f"{_TABLE}.index @@ {sql}", params) for sql, params in queries]
    bodies = [(f"{_TABLE}.body_index @@ {sql}", params) for sql, params in queries]
    between = " AND " if every else " OR "
    rank = _head_rank(queries)
    found = _best(versions, _matches(_joined(heads, between)), rank, limit)
    if len(found) < limit:
        either = [_joined([head, body], " OR ") for head, body in zip(heads, bodies, strict=True)]
        others = versions.exclude(pk__in=found)
        # With one word none of these has it in its title: there is nothing to weigh.
        weighed = rank if len(asked) > 1 else None
        found += _best(others, _matches(_joined(either, between)), weighed, limit - len(found))
    return found


def _best(versions: ArticleVersionQuerySet, matches: RawSQL, rank: RawSQL | None, limit: int) -> list[int]:
    """Of more than MAX_WEIGHED matches the newest are weighed: a word of nearly every article tells little.

    The keys are read first, all of them: with an order and a limit Postgres would go through the table from its end and
    take every text apart, where the index knows the matches."""
    matching = versions.filter(matches).order_by().values_list("pk", flat=True)
    newest = sorted(matching, reverse=True)[:MAX_WEIGHED]
    if rank is None or not newest:
        return newest[:limit]
    weighed = ArticleVersion.objects.filter(pk__in=newest).annotate(rank=rank)
    return list(weighed.order_by(F("rank").desc(), "-pk").values_list("pk", flat=True)[:limit])


def _matches(condition: Sql) -> RawSQL:
    return RawSQL(*condition, output_field=BooleanField())  # noqa: S611  (what is asked for is a parameter)


def _head_rank(queries: Sequence[Sql]) -> RawSQL:
    sql, params = _joined(queries, " || ")
    return RawSQL(f"ts_rank('{_WEIGHTS}', {_TABLE}.index, {sql})", params, output_field=FloatField())  # noqa: S611


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
    # Not exists(): to find one row at once Postgres would take texts apart, one after the other.
    return bool(ArticleVersion.objects.filter(either).order_by().values_list("pk", flat=True))


def _nearest(word: str) -> str:
    """The stored word fewest slips away; "" when none is near enough."""
    near = ArticleWord.objects.filter(deletes__overlap=words.deletes(word)).values_list("word", flat=True)
    apart = sorted((words.distance(word, one), abs(len(one) - len(word)), one) for one in near)
    return apart[0][2] if apart and apart[0][0] <= words.allowed_slips(word) else ""
