"""Whom a campaign takes and into which arm, as CTEs of one statement; the funnel and the freezing read the same.

found     every line that the audience holds, in the campaign's branch
singles   one line a customer, the most worthwhile one, with its household and what keeps the customer out: opted out of
          profiling, of the universal hold-out, held out by another campaign
drawn     those whom nothing keeps out, each with the arm: a hash of the campaign's salt and the household, or the
          customer without one, so that nobody lives with somebody of the other arm; and, where the campaign draws its
          offers, with one of them by another hash of the same
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.audiences.queries import EXPECTED_GAIN_ORDER
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.models.holdouts import UNIVERSAL
from campaigns.campaigns.queries.audiences import audience_lines, by_risk, in_scope
from campaigns.outreach.models import HOLDS_FOR, HeldOut
from customers.circles.models import Circle, CircleMember
from customers.fields.choices import CircleKind
from customers.profile.models import ProfileQuerySet
from retention.core.db.inline import inline

COLUMNS = (
    "subscriber_id", "customer_id", "branch_id", "expected_gain", "arpu", "profiling_opt_out", "risk_probability",
    "segment", "line_type",
)  # fmt: skip
# Of a firm all lines would be in one arm; there the customer is drawn.
_LIVE_TOGETHER = (CircleKind.HOUSEHOLD.value, CircleKind.SMALL_GROUP.value)
_HELD = f"""EXISTS (
        SELECT FROM {HeldOut._meta.db_table} x
        WHERE x.customer_id = f.customer_id AND {{origin}} AND {HOLDS_FOR.format(purpose="%(purpose)s")}
          AND x.since <= %(on)s AND (x.until IS NULL OR x.until >= %(on)s))"""
_CTES = f"""
found AS MATERIALIZED ({{found}}),
singles AS (
    SELECT DISTINCT ON (customer_id) f.*, home.circle_id AS household,
           %(by_risk)s AND coalesce(profiling_opt_out, false) AS opted_out,
           {_HELD.format(origin=f"x.origin = '{UNIVERSAL}'")} AS universal,
           {_HELD.format(origin=f"x.origin NOT IN ('{UNIVERSAL}', %(origin)s)")} AS elsewhere
    FROM found f
    LEFT JOIN (
        SELECT m.subscriber_id, m.circle_id FROM {CircleMember._meta.db_table} m
        JOIN {Circle._meta.db_table} c ON c.id = m.circle_id AND c.kind IN {_LIVE_TOGETHER}
        WHERE m.until IS NULL
    ) home USING (subscriber_id)
    ORDER BY customer_id, opted_out, {EXPECTED_GAIN_ORDER}
),
drawn AS (
    SELECT s.*, abs(hashtextextended(
               %(salt)s || ':' || coalesce('h' || household, 'c' || customer_id), 0
           ) %% 10000) < %(control)s * 100 AS is_control,
           CASE WHEN cardinality(%(drawn_offers)s::text[]) > 0 THEN (%(drawn_offers)s::text[])[1 + abs(hashtextextended(
               %(salt)s || ':offer:' || coalesce('h' || household, 'c' || customer_id), 0
           ) %% cardinality(%(drawn_offers)s::text[]))] ELSE '' END AS offer_code
    FROM singles s WHERE NOT opted_out AND NOT universal AND NOT elsewhere
)
"""


@dataclass(frozen=True)
class DrawingSql:
    """The CTEs (without WITH) and their parameters, to which the statement around them adds its own."""

    ctes: str
    params: dict[str, Any]


def drawing_sql(campaign: Campaign, *, as_of: date, on: date, visible: ProfileQuerySet | None = None) -> DrawingSql:
    """as_of: of the profile; on: the day whose hold-outs count. visible: only these lines. Raises Invalid."""
    lines = in_scope(campaign, audience_lines(campaign)).filter(as_of=as_of)
    if visible is not None:
        lines = lines.filter(pk__in=visible.values("pk"))
    sql, params = inline(lines.values(*COLUMNS), "audience")
    own = {
        "on": on, "salt": campaign.salt, "control": campaign.control_percent, "purpose": campaign.purpose,
        "origin": origin_of(campaign), "by_risk": by_risk(campaign),
        "drawn_offers": campaign.offer_codes if campaign.draw_offers else [],
    }  # fmt: skip
    return DrawingSql(_CTES.format(found=sql), params | own)


def origin_of(campaign: Campaign) -> str:
    """Who holds its control group out, in HeldOut."""
    return f"campaign:{campaign.code}"
