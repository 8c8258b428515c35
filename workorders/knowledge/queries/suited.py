"""The articles that suit a call best: by what is known of the customer, of the order and of the answers so far."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, ExpressionWrapper, F, FloatField, Value, When
from django.db.models.functions import Greatest

from customers.risk.models import RiskScore
from customers.risk.text.explanations import business_reasons
from customers.risk.text.themes import MIN_THEME_LOG_ODDS, THEMES, theme_of
from retention.core.accounts.models import User
from workorders.knowledge.kinds import Kind, Link, answer_code, link
from workorders.knowledge.models import ArticleVersion
from workorders.knowledge.queries.figures import with_figures
from workorders.orders.models import WorkOrder

MAX_SUITED = 8
# What the customer says on the phone goes before what is known beforehand; the kind of order is the least of it.
ANSWER_WEIGHT, DISPOSITION_WEIGHT, THEME_WEIGHT, FACT_WEIGHT, TYPE_WEIGHT = 8.0, 4.0, 3.0, 2.0, 1.0
SHARED_PART, ANSWER_BONUS = 0.1, 0.5


def reasons_of_call(order: WorkOrder, answers: Mapping[str, str], disposition: str = "") -> dict[str, float]:
    """{link: weight} of an order. answers, disposition: what is chosen in the form."""
    found: dict[str, float] = {link(Link.ORDER_TYPE, order.type.code): TYPE_WEIGHT}
    for entry in order.evidence:
        for field in entry.get("facts", {}):
            found[link(Link.THEME, theme_of(field))] = FACT_WEIGHT
    score = RiskScore.objects.filter(subscriber=order.subscriber_id).order_by("-as_of").first()
    if score is not None:
        strong = [one for one in business_reasons(score, for_agent=False) if one.log_odds >= MIN_THEME_LOG_ODDS]
        # The strongest reason counts fully, the others by their part of it.
        for one in strong:
            weight = THEME_WEIGHT * one.log_odds / strong[0].log_odds
            found[link(Link.THEME, str(one.theme.key))] = max(weight, FACT_WEIGHT)
    found |= {
        link(Link.ANSWER, answer_code(question, answer)): ANSWER_WEIGHT
        for question, answer in answers.items()
        if answer
    }
    if disposition:
        found[link(Link.DISPOSITION, disposition)] = DISPOSITION_WEIGHT
    return found


def suited(*, user: User, reasons: Mapping[str, float], limit: int = MAX_SUITED) -> list[ArticleVersion]:
    """Versions in use that share a reason, the weightiest first; of equal ones those that helped more often."""
    weights: list[Any] = [
        Case(When(links__contains=[reason], then=Value(weight)), default=Value(0.0))
        for reason, weight in reasons.items()
    ]
    # The best reason decides; more of them tell apart what shares it. On the phone an answer is worth more than a text.
    score = Greatest(Value(0.0), *weights) + Value(SHARED_PART) * sum(weights, Value(0.0))
    score += Case(When(kind=Kind.OBJECTION, then=Value(ANSWER_BONUS)), default=Value(0.0))
    rows = ArticleVersion.objects.read_by(user).filter(links__overlap=list(reasons)).select_related("article")
    rows = with_figures(rows, user, article="article", version="pk")
    ranked = rows.annotate(score=ExpressionWrapper(score, FloatField()))
    return list(ranked.order_by(F("score").desc(), F("successes").desc(), F("useful").desc(), "name")[:limit])


def sayable_themes(links: Mapping[str, float]) -> list[str]:
    """The labels of the themes among the reasons that an agent may mention, the weightiest first."""
    ordered = sorted(links, key=lambda one: -links[one])
    keys = [one.partition(":")[2] for one in ordered if one.startswith(f"{Link.THEME.value}:")]
    return [str(THEMES[key].label) for key in keys if key in THEMES and THEMES[key].sayable]
