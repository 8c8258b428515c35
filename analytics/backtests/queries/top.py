"""The lines to which the model gave the highest probability on the night of a month end."""

from datetime import date

from django.db.models import Count, OuterRef, QuerySet, Subquery

from analytics.backtests.queries.base import as_lines, departures
from analytics.backtests.queries.scope import Scope
from analytics.backtests.rules import Lines
from customers.facts.models import Subscriber
from customers.fields.choices import WARNING_TIERS
from customers.risk.models import RiskScore


def model_top(day: date, scope: Scope, size: int) -> Lines | None:
    """The `size` best lines of the scope, None without scores of that night."""
    scores = RiskScore.objects.filter(as_of=day)
    if not scores.exists():
        return None
    # The warned lines have the highest probabilities, and few rules find more than they are. Their index is in this
    # order: a look at the line of each, instead of a join, lets the database stop at the last one wanted.
    warned = scores.filter(tier__in=WARNING_TIERS)
    if scope.filters():
        line = Subscriber.objects.filter(pk=OuterRef("subscriber_id"), **scope.filters())
        warned = warned.alias(line=Subquery(line.values("pk"))).filter(line__isnull=False)
    best = _best(warned, size, day)
    return best if best.lines == size else _best(scores.filter(**scope.filters("subscriber__")), size, day)


def _best(scores: QuerySet[RiskScore], size: int, day: date) -> Lines:
    best = scores.order_by("-probability", "subscriber_id").values("subscriber_id")[:size]
    found = Subscriber.objects.filter(pk__in=best).aggregate(lines=Count("pk"), **departures(day))
    return as_lines(found["lines"], found)
