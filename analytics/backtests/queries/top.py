"""The lines to which the model gave the highest probability on the night of a month end."""

from datetime import date

from analytics.backtests.queries.base import as_lines, departures
from analytics.backtests.queries.scope import Scope
from analytics.backtests.rules import Lines
from customers.facts.models import Subscriber
from customers.fields.choices import WARNING_TIERS
from customers.risk.models import RiskScore


def model_top(day: date, scope: Scope, size: int) -> Lines | None:
    """The `size` best lines of the scope, None without scores of that night."""
    if not RiskScore.objects.filter(as_of=day).exists():
        return None
    ranked = RiskScore.objects.filter(as_of=day, **scope.filters("subscriber__"))
    # The warned lines have the highest probabilities, and an index; few rules find more than they are.
    warned = ranked.filter(tier__in=WARNING_TIERS)
    if warned.count() >= size:
        ranked = warned
    best = ranked.order_by("-probability", "subscriber_id").values("subscriber_id")[:size]
    ended = Subscriber.objects.filter(pk__in=best, terminated_on__gt=day).aggregate(**departures(day))
    return as_lines(min(size, ranked.count()), ended)
