"""What every circle is tonight: its lines in use, what they pay, whom to speak to, and which bundle suits it."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from customers.circles.models import Circle
from customers.circles.queries import ACCOUNTS, GONE_DAYS, IN_USE, LINES, MEMBERS
from customers.facts.models import Bill, LineType, Plan, Subscriber
from customers.fields.choices import BundleReason, CircleKind
from customers.fields.spend import topups_cte
from customers.profile.queries.windows import profile_windows
from retention.core.db.temporary_tables import TemporaryTable

CIRCLES, BILLS, PLANS = (model._meta.db_table for model in (Circle, Bill, Plan))
LIVE = TemporaryTable(
    "circle_lines",
    {
        "circle_id": "bigint", "subscriber_id": "bigint", "mobile": "boolean", "broadband": "boolean",
        "active": "boolean", "account_id": "bigint", "customer_id": "bigint", "branch_id": "bigint",
        "bundled": "boolean", "fee": "numeric(12,2)", "speed": "int",
    },
)  # fmt: skip
_LIVE_SQL = f"""
    SELECT m.circle_id, s.id AS subscriber_id, s.line_type = %(mobile)s AS mobile,
           s.line_type = %(broadband)s AS broadband, s.status = %(active)s AS active, s.account_id, a.customer_id,
           s.branch_id, p.is_bundle OR s.bundle_no <> '' AS bundled, p.monthly_fee AS fee,
           coalesce(s.bandwidth_mbps, p.bandwidth_mbps) AS speed
    FROM {MEMBERS} m JOIN {LINES} s ON s.id = m.subscriber_id JOIN {PLANS} p ON p.id = s.plan_id
    JOIN {ACCOUNTS} a ON a.id = s.account_id
    WHERE m.until IS NULL AND {IN_USE.format("s")}
"""
PAID = TemporaryTable("circle_paid", {"subscriber_id": "bigint", "paid": "numeric(12,2)"})
# As `arpu` of the profile, which is built later in the night.
_PAID_SQL = f"""
    WITH {topups_cte(f"s.id IN (SELECT subscriber_id FROM {LIVE})")}
    SELECT subscriber_id, greatest(avg(total), 0) AS paid FROM (
        SELECT b.subscriber_id, b.total FROM {BILLS} b JOIN {LIVE} USING (subscriber_id)
        WHERE b.month BETWEEN %(bill_from)s AND %(bill_month)s
        UNION ALL SELECT t.subscriber_id, t.total FROM topups t
    ) l GROUP BY subscriber_id
"""
SUMS = TemporaryTable(
    "circle_sums",
    {
        "circle_id": "bigint", "lines": "int", "mobiles": "int", "broadbands": "int", "customers": "int",
        "accounts": "int", "spend": "numeric(12,2)", "has_bundle": "boolean", "lead_id": "bigint",
        "branch_id": "bigint", "mobile_paid": "numeric(12,2)", "broadband_paid": "numeric(12,2)", "speed": "int",
    },
)  # fmt: skip
# The line to speak to: in use, of the account that pays for most lines, mobile, paying most.
_SUMS_SQL = f"""
    WITH lines AS (
        SELECT l.*, coalesce(p.paid, l.fee) AS paid,
               count(*) OVER (PARTITION BY l.circle_id, l.account_id) AS of_account
        FROM {LIVE} l LEFT JOIN {PAID} p USING (subscriber_id)
    ), ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY circle_id ORDER BY active DESC, of_account DESC, mobile DESC, paid DESC, subscriber_id
        ) AS place
        FROM lines
    )
    SELECT circle_id, count(*) AS lines, count(*) FILTER (WHERE mobile) AS mobiles,
           count(*) FILTER (WHERE broadband) AS broadbands, count(DISTINCT customer_id) AS customers,
           count(DISTINCT account_id) AS accounts, sum(paid) AS spend, bool_or(bundled) AS has_bundle,
           max(subscriber_id) FILTER (WHERE place = 1) AS lead_id, max(branch_id) FILTER (WHERE place = 1) AS branch_id,
           max(paid) FILTER (WHERE active AND mobile) AS mobile_paid,
           max(paid) FILTER (WHERE active AND broadband) AS broadband_paid,
           coalesce(max(speed) FILTER (WHERE broadband), 0) AS speed
    FROM ranked GROUP BY circle_id
"""
GONE = TemporaryTable("circle_gone", {"circle_id": "bigint", "gone": "int"})
_GONE_SQL = f"""
    SELECT m.circle_id, count(DISTINCT m.subscriber_id) AS gone
    FROM {LINES} s JOIN {MEMBERS} m ON m.subscriber_id = s.id
    WHERE s.terminated_on BETWEEN %(gone_from)s AND %(as_of)s AND (m.until IS NULL OR m.until > s.terminated_on)
    GROUP BY m.circle_id
"""
_ON_SALE = """
    NOT p.is_restricted AND (p.on_sale_from IS NULL OR p.on_sale_from <= %(as_of)s)
    AND (p.on_sale_until IS NULL OR p.on_sale_until >= %(as_of)s) AND p.market IN (w.market, %(all)s)
"""
# The dearest bundle that still costs no more than the same one by one: the mobile line that pays most, and a broadband
# line, its own or the cheapest on sale. A catalogue that sells no broadband part includes it in the mobile plan's fee.
OFFERS = TemporaryTable(
    "circle_offers",
    {
        "circle_id": "bigint", "reason": "text", "plan_id": "bigint", "paid": "numeric(12,2)", "cost": "numeric(12,2)",
        "saving": "numeric(12,2)",
    },
)  # fmt: skip
_OFFERS_SQL = f"""
    WITH wanting AS (
        SELECT s.*, CASE WHEN c.kind = %(enterprise)s THEN %(business)s ELSE %(consumer)s END AS market,
               CASE WHEN s.broadbands > 0 THEN %(mobile_broadband)s ELSE %(no_broadband)s END AS reason
        FROM {SUMS} s JOIN {CIRCLES} c ON c.id = s.circle_id
        WHERE NOT s.has_bundle AND c.kind IN (%(household)s, %(enterprise)s) AND s.mobile_paid IS NOT NULL
          AND (s.broadband_paid IS NOT NULL OR s.broadbands = 0 AND s.mobiles > 1)
    ), markets AS (
        SELECT DISTINCT market, speed FROM wanting
    ), prices AS (
        SELECT w.market, w.speed, part.known AND part.fee IS NULL AS too_slow, coalesce(part.fee, 0) AS part_fee,
               alone.fee AS alone_fee
        FROM markets w CROSS JOIN LATERAL (
            SELECT count(*) > 0 AS known, min(p.monthly_fee) FILTER (
                WHERE p.bandwidth_mbps IS NULL OR p.bandwidth_mbps >= w.speed
            ) AS fee
            FROM {PLANS} p WHERE p.is_bundle AND p.line_type = %(broadband)s AND {_ON_SALE}
        ) part CROSS JOIN LATERAL (
            SELECT min(p.monthly_fee) AS fee FROM {PLANS} p
            WHERE NOT p.is_bundle AND p.line_type = %(broadband)s AND {_ON_SALE}
        ) alone
    ), bundles AS (
        SELECT w.market, w.speed, w.alone_fee, p.id AS plan_id, p.monthly_fee + w.part_fee AS cost
        FROM prices w JOIN {PLANS} p ON p.is_bundle AND p.line_type = %(mobile)s AND {_ON_SALE}
        WHERE NOT w.too_slow
    ), offers AS (
        SELECT w.circle_id, w.reason, o.plan_id, w.mobile_paid + coalesce(w.broadband_paid, 0) AS paid, o.cost,
               w.mobile_paid + coalesce(w.broadband_paid, o.alone_fee) - o.cost AS saving
        FROM wanting w JOIN bundles o ON o.market = w.market AND o.speed = w.speed
    )
    SELECT DISTINCT ON (circle_id) * FROM offers WHERE saving >= 0 ORDER BY circle_id, cost DESC, plan_id
"""
_VALUES = (
    "lines", "mobiles", "broadbands", "customers", "accounts", "left_90d", "spend", "has_bundle", "lead_id",
    "branch_id", "bundle_reason", "bundle_plan_id", "paid", "bundle_cost", "bundle_saving",
)  # fmt: skip
_UPDATE_SQL = f"""
    WITH found (id, {", ".join(_VALUES)}) AS (
        SELECT c.id, coalesce(s.lines, 0), coalesce(s.mobiles, 0), coalesce(s.broadbands, 0), coalesce(s.customers, 0),
               coalesce(s.accounts, 0), coalesce(g.gone, 0), s.spend, coalesce(s.has_bundle, false), s.lead_id,
               s.branch_id, coalesce(o.reason, ''), o.plan_id, o.paid, o.cost, o.saving
        FROM {CIRCLES} c LEFT JOIN {SUMS} s ON s.circle_id = c.id LEFT JOIN {GONE} g ON g.circle_id = c.id
        LEFT JOIN {OFFERS} o ON o.circle_id = c.id
        WHERE c.until IS NULL
    )
    UPDATE {CIRCLES} c SET as_of = %(as_of)s, {", ".join(f"{name} = f.{name}" for name in _VALUES)}
    FROM found f
    WHERE c.id = f.id AND ({", ".join(f"c.{name}" for name in _VALUES)}, c.as_of IS NULL) IS DISTINCT FROM
          ({", ".join(f"f.{name}" for name in _VALUES)}, false)
"""


def record_figures(cursor: CursorWrapper, *, as_of: date) -> int:
    """Describe the circles that stand. Returns how many changed; one that is as it was keeps its `as_of`."""
    params: dict[str, Any] = profile_windows(as_of).params() | {
        "gone_from": as_of - timedelta(days=GONE_DAYS - 1),
        "mobile": LineType.MOBILE.value,
        "broadband": LineType.BROADBAND.value,
        "active": Subscriber.Status.ACTIVE.value,
        "household": CircleKind.HOUSEHOLD.value,
        "enterprise": CircleKind.ENTERPRISE.value,
        "business": Plan.Market.BUSINESS.value,
        "consumer": Plan.Market.CONSUMER.value,
        "all": Plan.Market.ALL.value,
        "mobile_broadband": BundleReason.MOBILE_BROADBAND.value,
        "no_broadband": BundleReason.NO_BROADBAND.value,
    }
    LIVE.create_as(cursor, _LIVE_SQL, params)
    PAID.create_as(cursor, _PAID_SQL, params)
    SUMS.create_as(cursor, _SUMS_SQL, params)
    GONE.create_as(cursor, _GONE_SQL, params)
    OFFERS.create_as(cursor, _OFFERS_SQL, params)
    cursor.execute(_UPDATE_SQL, params)
    return int(cursor.rowcount)
