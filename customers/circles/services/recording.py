"""The night's work on circles."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from customers.circles.models import Circle, CircleMonth
from customers.circles.queries import ACCOUNTS, CUSTOMERS, LINES, MEMBERS, calling_month, digest_of
from customers.circles.rules.limits import Limits
from customers.circles.services.figures import record_figures
from customers.circles.services.grouping import group_lines
from customers.profile.services.build import tune_transaction

# Who opts out of profiling is out of the circles the night after, and of their history.
_OPT_OUT_SQL = f"""
    DELETE FROM {MEMBERS} m USING {LINES} s, {ACCOUNTS} a, {CUSTOMERS} c
    WHERE s.id = m.subscriber_id AND a.id = s.account_id AND c.id = a.customer_id AND c.profiling_opt_out
"""


@dataclass(frozen=True)
class CirclesReport:
    """rows: circles whose figures changed; circles: that stand; candidates: of them, for a bundle; grouped: whether
    lines were put into circles anew tonight."""

    rows: int = 0
    circles: int = 0
    candidates: int = 0
    grouped: bool = False


@transaction.atomic
def record_circles(*, as_of: date, limits: Limits | None = None) -> CirclesReport:
    """Group the lines when a month's ties have come or changed; describe every circle as of `as_of`.

    Running it again changes nothing; a night before the last grouping is left alone, and so is a month before it.
    """
    limits = limits or Limits()
    month = calling_month(as_of)
    last = CircleMonth.objects.order_by("-month").first()
    if last and (last.as_of > as_of or last.month > month):
        return CirclesReport()
    digest = digest_of(month, limits)
    due = last is None or (last.month, last.digest) != (month, digest)
    with connection.cursor() as cursor:
        tune_transaction(cursor)
        cursor.execute(_OPT_OUT_SQL)
        if due:
            circles = group_lines(cursor, as_of=as_of, month=month, limits=limits)
            CircleMonth.objects.update_or_create(
                month=month, defaults={"as_of": as_of, "digest": digest, "circles": circles}
            )
        changed = record_figures(cursor, as_of=as_of)
    standing = Circle.objects.standing()
    return CirclesReport(
        rows=changed, circles=standing.count(), candidates=standing.exclude(bundle_reason="").count(), grouped=due
    )
