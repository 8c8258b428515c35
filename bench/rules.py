"""The live count of a rule with six conditions, beside the same question as plain SQL."""

from django.db import connection

from bench.measure import alternately, beside, percentile
from bench.night import after_a_night
from campaigns.audiences.defaults import ask, rule
from campaigns.audiences.rules import audience

TURNS = 30
AT_MOST, MOST_MS = 1.3, 500
RULE = rule(
    ask("status", "=", "active"),
    ask("line_type", "=", "mobile"),
    ask("tenure_months", ">=", 6),
    ask("arpu", ">=", 30),
    ask("calls_out_base", ">=", 5),
    ask("risk_decile", "<=", 5),
)
PLAIN = """
SELECT count(*) FROM customers_subscriberprofile
WHERE status = 'active' AND line_type = 'mobile' AND tenure_months >= 6 AND arpu >= 30
  AND calls_out_base >= 5::real AND risk_decile <= 5
"""


def run(subscribers: int) -> dict:
    after_a_night()
    found = _ours()
    assert found == _plain(), "the rule does not mean what the SQL says"
    ours, floor = alternately(_ours, _plain, TURNS)
    figure, beneath = percentile(ours, 50) * 1000, percentile(floor, 50) * 1000
    slow = percentile(ours, 95) * 1000
    return beside(
        figure=figure, floor=beneath, unit="ms (median)", floor_is="plain SQL count",
        goal=f"<= {AT_MOST} x the floor, p95 <= {MOST_MS} ms", reached=figure <= AT_MOST * beneath and slow <= MOST_MS,
        p95=round(slow, 2), floor_p95=round(percentile(floor, 95) * 1000, 2), found=found,
    )  # fmt: skip


def _ours() -> int:
    return audience(RULE).count()


def _plain() -> int:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN)
        return cursor.fetchone()[0]
