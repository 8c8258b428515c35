"""Monthly spend of a line, and its value band.

Spend is what a line is billed. A prepaid line that is not billed spends what its account is topped up with: every month
since it joined counts, with 0 where nothing was topped up, and lines of one account share its top-ups evenly.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import DecimalField, Value
from django.db.models.functions import Coalesce

from customers.fields.choices import ValueBand

# The first of these profile fields that is known.
SPEND_FIELDS = ("arpu", "plan_fee")
# As a column of a profile queryset; 0 where nothing is known.
MONTHLY_SPEND = Coalesce(*SPEND_FIELDS, Value(0, DecimalField()))
BANDS: tuple[str, ...] = tuple(ValueBand.values)
_PRESENT = "{0}.activated_on <= %(as_of)s AND ({0}.terminated_on IS NULL OR {0}.terminated_on > %(as_of)s)"


def monthly_spend_sql(alias: str) -> str:
    """SQL of the spend a month of a profile or snapshot row under `alias`; NULL where nothing is known."""
    return f"coalesce({', '.join(f'{alias}.{name}' for name in SPEND_FIELDS)})"


def topups_cte(of: str) -> str:
    """Items of a WITH, the last of them `topups`: subscriber_id, account_id, month, amount (of the account), lines (that
    share it), total (the line's part); one row a month for prepaid lines in use on `as_of` that are not billed.

    of: condition on the line, alias `s`. Parameters: as_of, zone; bill_from and bill_month, the months in which a bill
    makes a line a billed one; topup_months, those of which top-ups have arrived, all from topup_from until topup_until.
    """
    return f"""
    unbilled AS MATERIALIZED (
        SELECT s.id AS subscriber_id, s.account_id, s.activated_on
        FROM customers_subscriber s JOIN customers_account a ON a.id = s.account_id
        WHERE {of} AND a.pay_mode = 'prepaid' AND {_PRESENT.format("s")} AND NOT EXISTS (
            SELECT FROM customers_bill b
            WHERE b.subscriber_id = s.id AND b.month BETWEEN %(bill_from)s AND %(bill_month)s
        )
    ), shares AS (
        SELECT q.account_id, count(*) AS lines FROM customers_subscriber q
        WHERE q.account_id IN (SELECT u.account_id FROM unbilled u) AND {_PRESENT.format("q")}
        GROUP BY q.account_id
    ), topups AS (
        SELECT u.subscriber_id, account_id, n.month, n.amount, h.lines, n.amount / h.lines AS total
        FROM unbilled u JOIN shares h USING (account_id) CROSS JOIN LATERAL (
            SELECT n.month, coalesce(sum(m.amount), 0) AS amount
            FROM unnest(%(topup_months)s::date[]) AS n(month) LEFT JOIN customers_payment m
              ON m.account_id = u.account_id AND m.paid_at >= %(topup_from)s AND m.paid_at < %(topup_until)s
              AND date_trunc('month', m.paid_at AT TIME ZONE %(zone)s) = n.month
            WHERE n.month >= date_trunc('month', u.activated_on)
            GROUP BY n.month
        ) n
    )"""


def given_up_sql(alias: str) -> str:
    """Condition on a profile or snapshot row under `alias`: no use in 30 days, and for a prepaid line no top-up either."""
    return (
        f"(coalesce({alias}.silent, false)"
        f" AND NOT coalesce({alias}.pay_mode = 'prepaid' AND {alias}.days_since_payment < 30, false))"
    )


def band_limits(band: str, edges: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """[from, to) of a band in yuan a month, None where it is open. edges: where each band but the lowest begins."""
    place = BANDS.index(band)
    return (None, *edges)[place], (*edges, None)[place]
