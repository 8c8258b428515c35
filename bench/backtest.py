"""The back-test of one rule over six month ends of the whole base, beside the same counts as plain SQL."""

from datetime import date, timedelta

from django.db import connection

from analytics.backtests.queries.replay import backtest
from analytics.backtests.rules import HEADLINE, Backtest
from bench.measure import alternately, beside, percentile
from bench.month_ends import make_month_ends
from bench.night import after_a_night
from campaigns.audiences.defaults import ask, rule
from campaigns.audiences.rules import parse
from retention.core.accounts.models import User

TURNS = 3
MOST_SECONDS = 10
RULE = rule(
    ask("status", "=", "active"),
    ask("line_type", "=", "mobile"),
    ask("tenure_months", ">=", 6),
    ask("arpu", ">=", 30),
    ask("bill_change", "<=", -0.2),
)
PLAIN = """
SELECT count(*), count(*) FILTER (WHERE s.terminated_on > %(day)s AND s.terminated_on <= %(until)s
                                    AND s.termination_reason IN ('voluntary', 'port_out'))
FROM customers_profilesnapshot p JOIN customers_subscriber s ON s.id = p.subscriber_id
WHERE p.as_of = %(day)s AND p.status = 'active' AND p.line_type = 'mobile' AND s.line_type = 'mobile'
  AND p.tenure_months >= 6 AND p.arpu >= 30
  AND p.bill_change <= -0.2::real
"""


def run(subscribers: int) -> dict:
    night = after_a_night()
    days = make_month_ends(night)
    user = User.objects.get(username="admin")
    ours = _ours(night, user)
    assert [month.found.lines for month in ours.months] == [found for found, _left in _plain(days)]
    assert [m.left(HEADLINE) for m in ours.months if m.knows(HEADLINE)] == [
        left for day, (_found, left) in zip(days, _plain(days), strict=True)
        if day + timedelta(days=HEADLINE) <= night
    ]  # fmt: skip
    figures, floors = alternately(lambda: _ours(night, user), lambda: _plain(days), TURNS)
    figure, floor = percentile(figures, 50), percentile(floors, 50)
    return beside(
        figure=figure, floor=floor, unit="s", floor_is="six plain SQL counts of the rule and its leavers",
        goal=f"<= {MOST_SECONDS} s at 1,000,000", reached=figure <= MOST_SECONDS,
        slowest=round(max(figures), 2), hits_a_month=round(ours.hits_a_month or 0),
        lines=ours.months[-1].base.lines,
    )  # fmt: skip


def _ours(night: date, user: User) -> Backtest:
    return backtest(tree=parse(RULE), as_of=night, user=user, cooldown_days=30)


def _plain(days: list[date]) -> list[tuple[int, int]]:
    found = []
    for day in days:
        with connection.cursor() as cursor:
            cursor.execute(PLAIN, {"day": day, "until": day + timedelta(days=HEADLINE)})
            found.append(cursor.fetchone())
    return found
