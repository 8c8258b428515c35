"""Counts over the responses that a person may see. Read-only; a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Avg, Count, F, FloatField, QuerySet, StdDev
from django.db.models.functions import Cast

from retention.core import clock
from retention.core.accounts.models import Branch, User
from workorders.orders.models import WorkOrder
from workorders.surveys.models import Answer, Questionnaire, Response
from workorders.surveys.tree import Block

CONFIDENCE = 0.95
ONE_DAY = date.resolution
# What a cross table may be made with besides questions: the field of a response, and that of its name.
ATTRIBUTES = {
    "branch": ("order__branch__code", "order__branch__name"),
    "type": ("order__type__code", "order__type__code"),
    "version": ("questionnaire__version", "questionnaire__version"),
    "disposition": ("disposition__code", "disposition__code"),
    "result": ("disposition__result", "disposition__result"),
}


def responses_for(user: User, code: str, given: Mapping[str, Any]) -> QuerySet[Response]:
    """Standing responses to a questionnaire, of orders that the person may see, by the filters of the page.

    answers: texts `question:value` that must all be among the answers. branch: with all below; at_branch: only there.
    """
    found = Response.objects.standing().filter(
        questionnaire__code=code, order__in=WorkOrder.objects.visible_to(user).values("pk")
    )
    if given.get("after"):
        found = found.filter(at__gte=clock.midnight(given["after"]))
    if given.get("before") and given["before"] < date.max:
        found = found.filter(at__lt=clock.midnight(given["before"] + ONE_DAY))
    if given.get("branch"):
        found = found.filter(order__branch__in=Branch.objects.under(given["branch"]).values("pk"))
    fields = {name: pair[0] for name, pair in ATTRIBUTES.items()} | {"at_branch": "order__branch__code"}
    for name in ("at_branch", "type", "version", "disposition", "result"):
        if given.get(name):
            found = found.filter(**{fields[name]: given[name]})
    for text in given.get("answers") or ():
        question, _colon, value = text.partition(":")
        chosen = Answer.objects.filter(question=question, value=value)
        found = found.filter(pk__in=chosen.values("response"))
    return found


def questions_of(code: str, version: int | None = None) -> list[Block]:
    """Every question that a published version has asked, the newest wording first met."""
    rows = Questionnaire.objects.published().versions_of(code)
    found: dict[str, Block] = {}
    for row in rows if version is None else rows.filter(version=version):
        for block in row.as_tree().questions:
            found.setdefault(block.key, block)
    return list(found.values())


def distributions(responses: QuerySet[Response]) -> dict[str, dict[str, int]]:
    """{question: {value: responses}}."""
    rows = Answer.objects.filter(response__in=responses.values("pk")).values_list("question", "value")
    found: dict[str, dict[str, int]] = {}
    for question, value, count in rows.annotate(count=Count("pk")).order_by("question", "-count", "value"):
        found.setdefault(question, {})[value] = count
    return found


@dataclass(frozen=True)
class Mean:
    """A mean with its interval at CONFIDENCE; low and high are None for less than two values."""

    count: int
    value: float | None
    low: float | None
    high: float | None


def mean_of(count: int, value: float | None, deviation: float | None) -> Mean:
    if value is None or deviation is None or count < 2:
        return Mean(count, value, None, None)
    # Loading scipy.stats takes most of a second; a process that asks for none does not wait for it.
    from scipy import stats

    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)) * deviation / count**0.5
    return Mean(count, value, value - reach, value + reach)


def mean_score(responses: QuerySet[Response]) -> Mean:
    """Points reached as a share of those that the questions asked gave; of responses where any were to be had."""
    share = Cast("score", FloatField()) / F("possible")
    found = responses.filter(possible__gt=0).aggregate(
        count=Count("pk"), value=Avg(share), deviation=StdDev(share, sample=True)
    )
    mean = mean_of(found["count"], found["value"], found["deviation"])
    if mean.value is None or mean.low is None or mean.high is None:
        return mean
    # Nobody reaches more than all; less than none only where answers take points away.
    return replace(mean, low=max(mean.low, min(mean.value, 0.0)), high=min(mean.high, 1.0))


def mean_marks(responses: QuerySet[Response], questions: Iterable[str]) -> dict[str, Mean]:
    """{question: mean of its answers}, for questions whose answers are whole numbers (scales)."""
    mark = Cast("value", FloatField())
    rows = Answer.objects.filter(
        response__in=responses.values("pk"), question__in=list(questions), value__regex=r"^-?[0-9]{1,9}$"
    ).values("question")
    return {
        row["question"]: mean_of(row["count"], row["mean"], row["deviation"])
        for row in rows.annotate(count=Count("pk"), mean=Avg(mark), deviation=StdDev(mark, sample=True))
    }


def cross_counts(responses: QuerySet[Response], rows: str, columns: str) -> dict[tuple[str, str], int]:
    """{(row value, column value): responses}. rows, columns: a name of ATTRIBUTES, or `q:` and a question."""
    if not rows.startswith("q:"):
        if columns.startswith("q:"):
            flipped = cross_counts(responses, columns, rows)
            return {(row, column): count for (column, row), count in flipped.items()}
        pairs: Any = responses.values_list(ATTRIBUTES[rows][0], ATTRIBUTES[columns][0])
        return {(str(a), str(b)): count for a, b, count in pairs.annotate(count=Count("pk")).order_by()}
    answers = Answer.objects.filter(response__in=responses.values("pk"), question=rows.removeprefix("q:"))
    other = f"response__{ATTRIBUTES[columns][0]}" if not columns.startswith("q:") else "response__answers__value"
    if columns.startswith("q:"):
        answers = answers.filter(response__answers__question=columns.removeprefix("q:"))
    pairs = answers.values_list("value", other).annotate(count=Count("pk")).order_by()
    return {(str(a), str(b)): count for a, b, count in pairs}
