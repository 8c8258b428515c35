"""Spend, bills, payments, balances and points. Spend is compared as usage is: the last month against the three before.

What a prepaid line is topped up with jumps from month to month: calling less makes nobody top up twice as often.
Its change is therefore that of what it used up (topped up, plus the fall of the balance) where month-end balances are
known: decision 0013.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.fields.base import ANY_NUMBER, CHANGE, FROM_ZERO, Area, Feed, Kind, ProfileField, Source, ThemeKey, since
from customers.fields.choices import SpendSource
from customers.fields.spend import topups_cte

# Half a year of months: bills, and top-ups of prepaid lines that are not billed. `used`: unknown without balances.
SPEND_SQL = f"""
    WITH {topups_cte("s.id BETWEEN %(lo)s AND %(hi)s")}, drawn AS (
        SELECT t.*, CASE WHEN lag(t.month) OVER line = t.month - interval '1 month'
                         THEN greatest(t.amount + lag(e.balance) OVER line - e.balance, 0) / t.lines END AS used
        FROM topups t LEFT JOIN LATERAL (
            SELECT e.balance FROM customers_balance e
            WHERE e.account_id = t.account_id AND e.day < t.month + interval '1 month'
              AND e.day >= t.month + interval '1 month' - interval '7 days'
            ORDER BY e.day DESC LIMIT 1
        ) e ON true
        WINDOW line AS (PARTITION BY t.subscriber_id ORDER BY t.month)
    )
    SELECT l.subscriber_id, {{columns}}
    FROM (
        SELECT b.subscriber_id, '{SpendSource.BILLS}' AS source, b.month = %(bill_month)s AS is_last,
               b.month < %(bill_month)s AND b.month >= %(bill_base_from)s AS is_base,
               b.month = %(bill_month)s - interval '1 month' AS is_before,
               b.month > %(bill_base_from)s AS is_quarter,
               b.total, b.total AS used, b.discount, b.vas, b.data, b.roaming, b.due_on, b.paid_on
        FROM customers_bill b
        WHERE b.subscriber_id BETWEEN %(lo)s AND %(hi)s AND b.month BETWEEN %(bill_from)s AND %(bill_month)s
        UNION ALL
        SELECT t.subscriber_id, '{SpendSource.TOPUPS}', t.month = %(topup_month)s,
               t.month < %(topup_month)s AND t.month >= %(topup_base_from)s,
               t.month = %(topup_month)s - interval '1 month', t.month > %(topup_base_from)s,
               t.total, t.used, NULL, NULL, NULL, NULL, NULL, NULL
        FROM drawn t
    ) l
    GROUP BY l.subscriber_id
    """
# One pass, two sources: what only bills tell does not wait for top-ups.
BILLS = Source("bills", SPEND_SQL, feeds=(Feed.BILLS,))
SPEND = Source("spend", SPEND_SQL, feeds=(Feed.BILLS, Feed.TOPUPS))
PAYMENTS = Source(
    "payments",
    """
    SELECT s.id AS subscriber_id, {columns}
    FROM customers_subscriber s JOIN customers_payment m ON m.account_id = s.account_id
    WHERE s.id BETWEEN %(lo)s AND %(hi)s AND m.paid_at < %(until)s AND m.paid_at >= %(until)s - interval '180 days'
    GROUP BY s.id
    """,
)
BALANCES = Source(
    "balances",
    """
    SELECT s.id AS subscriber_id, {columns}
    FROM customers_subscriber s
    JOIN LATERAL (
        SELECT * FROM customers_balance e
        WHERE e.account_id = s.account_id AND e.day BETWEEN %(as_of)s::date - 45 AND %(as_of)s
        ORDER BY e.day DESC LIMIT 1
    ) e ON true
    WHERE s.id BETWEEN %(lo)s AND %(hi)s
    """,
    feeds=(Feed.BALANCES,),
)
POINTS = Source(
    "points",
    """
    SELECT t.subscriber_id, {columns}
    FROM customers_pointentry t
    WHERE t.subscriber_id BETWEEN %(lo)s AND %(hi)s AND t.at < %(until)s
    GROUP BY t.subscriber_id
    """,
)
LAST, BEFORE = "FILTER (WHERE l.is_last)", "FILTER (WHERE l.is_base)"
BEFORE_LAST = "FILTER (WHERE l.is_before)"


def expiring(days: int) -> str:
    """SQL of the points that expire within so many days. Points are redeemed oldest first: no more than are left."""
    falling = f"sum(t.points) FILTER (WHERE t.expires_on BETWEEN %(as_of)s AND %(as_of)s::date + {days})"
    return f"greatest(least(coalesce({falling}, 0), sum(t.points)), 0)::int"


def change_of(column: str) -> str:
    """SQL of the last month against the mean of the three before, cut off at ten times; NULL without a base."""
    last, base = f"coalesce(sum(l.{column}) {LAST}, 0)", f"avg(l.{column}) {BEFORE}"
    return f"CASE WHEN {base} > 0 THEN greatest(-1, least(9.99, {last} / ({base}) - 1)) END"


def field(key: str, label: object, kind: Kind, source: str, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.MONEY, source, sql, **({"theme": ThemeKey.PAYMENT} | more))


SOURCES = [BILLS, SPEND, PAYMENTS, BALANCES, POINTS]
FIELDS = [
    field("spend_source", _("Spend is known from"), Kind.CHOICE, "spend", "max(l.source)", choices=SpendSource,
          dimension=True),
    field("bill_last", _("Spend, last month"), Kind.MONEY, "spend", f"sum(l.total) {LAST}", unit=_("yuan"), measure=True,
          model=True, sayable=False, theme=ThemeKey.PRICE, baseline="bill_base"),
    field("bill_base", _("Spend, mean of the three months before"), Kind.MONEY, "spend", f"avg(l.total) {BEFORE}",
          unit=_("yuan"), measure=True, theme=ThemeKey.PRICE),
    # Its index is SubscriberProfile's "profile_by_spend".
    field("arpu", _("Monthly spend, six-month mean"), Kind.MONEY, "spend", "greatest(avg(l.total), 0)", unit=_("yuan"), measure=True,
          model=True, sayable=False, theme=ThemeKey.PRICE, limits=FROM_ZERO),
    field("bill_change", _("Spend, change"), Kind.SHARE, "spend",
          f"CASE WHEN count(l.used) {LAST} > 0 THEN coalesce({change_of('used')}, {change_of('total')})"
          f" ELSE {change_of('total')} END", measure=True, model=True, said=_("spend rose {value}% against the three months before"),
          said_negative=_("spend fell {value}% against the three months before"), theme=ThemeKey.USAGE, limits=CHANGE),
    field("spend_3m", _("Monthly spend, three-month mean"), Kind.MONEY, "spend", "avg(l.total) FILTER (WHERE l.is_quarter)",
          unit=_("yuan"), measure=True, sayable=False, theme=ThemeKey.PRICE),
    field("spend_mom", _("Spend, month over month"), Kind.SHARE, "spend",
          f"CASE WHEN sum(l.total) {BEFORE_LAST} > 0 THEN greatest(-1, least(9.99,"
          f" coalesce(sum(l.total) {LAST}, 0) / sum(l.total) {BEFORE_LAST} - 1)) END", measure=True,
          said=_("spend rose {value}% against the month before"),
          said_negative=_("spend fell {value}% against the month before"), theme=ThemeKey.PRICE, limits=CHANGE),
    field("over_fee_share", _("Out-of-bundle spend"), Kind.SHARE, "derived",
          f"(CASE spend_source WHEN '{SpendSource.TOPUPS}' THEN arpu ELSE bill_last END - plan_fee) / nullif(plan_fee, 0)",
          measure=True, model=True,
          said=_("pays {value}% more than the plan fee"), said_negative=_("pays {value}% less than the plan fee"), theme=ThemeKey.PRICE, limits=(-1, None)),
    field("discount_last", _("Discount on the last bill"), Kind.MONEY, "bills", f"sum(l.discount) {LAST}", unit=_("yuan"),
          model=True, said=_("had a discount of {value} yuan on the last bill"), theme=ThemeKey.PRICE),
    field("discount_lost", _("Discount lost"), Kind.MONEY, "bills",
          f"greatest(coalesce(avg(l.discount) {BEFORE}, 0) - coalesce(sum(l.discount) {LAST}, 0), 0)", unit=_("yuan"),
          model=True, said=_("a discount of {value} yuan has ended"), theme=ThemeKey.PRICE, limits=FROM_ZERO),
    field("vas_bill_last", _("Services on the last bill"), Kind.MONEY, "bills", f"sum(l.vas) {LAST}", unit=_("yuan"),
          measure=True, theme=ThemeKey.PRICE),
    field("data_bill_last", _("Out-of-bundle data on the last bill"), Kind.MONEY, "bills", f"sum(l.data) {LAST}", unit=_("yuan"),
          measure=True, model=True, said=_("paid {value} yuan for data beyond the plan"), theme=ThemeKey.PRICE),
    field("data_bill_share", _("Out-of-bundle data, share of the last bill"), Kind.SHARE, "derived",
          "data_bill_last / nullif(bill_last, 0)", measure=True,
          said=_("data beyond the plan is {value}% of the bill"), theme=ThemeKey.PRICE),
    field("roaming_bill_last", _("Roaming on the last bill"), Kind.MONEY, "bills", f"sum(l.roaming) {LAST}", unit=_("yuan"),
          measure=True, said=_("paid {value} yuan for roaming"), theme=ThemeKey.PRICE),
    field("bills_6m", _("Bills in six months"), Kind.COUNT, "bills", f"(count(*) FILTER (WHERE l.source = '{SpendSource.BILLS}'))::int",
          unit=pgettext_lazy("unit", "bills"), absent="0", said=_("has had {value} bills"), said_one=_("has had the first bill"),
          theme=ThemeKey.JOINING),
    field("bills_unpaid", _("Unpaid bills"), Kind.COUNT, "bills",
          "(count(*) FILTER (WHERE l.due_on < %(as_of)s AND (l.paid_on IS NULL OR l.paid_on > %(as_of)s)))::int",
          measure=True, model=True, said=_("has {value} unpaid bills"),
          said_one=_("has one unpaid bill"), absent="0"),
    field("days_overdue", _("Days the oldest unpaid bill is overdue"), Kind.DAYS, "bills",
          "%(as_of)s::date - min(l.due_on) FILTER (WHERE l.due_on < %(as_of)s AND (l.paid_on IS NULL OR l.paid_on > %(as_of)s))",
          unit=_("days"), measure=True, said=_("a bill is {value} days overdue"), said_one=_("a bill is one day overdue"), a_day_later=1),
    field("days_late", _("Days late paying, mean"), Kind.NUMBER, "bills",
          "avg(greatest(least(l.paid_on, %(as_of)s) - l.due_on, 0)) FILTER (WHERE l.paid_on <= %(as_of)s)", unit=_("days"),
          model=True, sayable=False, limits=FROM_ZERO),
    field("payments_90d", _("Payments in 90 days"), Kind.COUNT, "payments",
          "(count(*) FILTER (WHERE m.paid_at >= %(until)s - interval '90 days'))::int", measure=True, model=True,
          said=_("paid or topped up {value} times in 90 days"),
          said_one=_("paid or topped up once in 90 days"), absent="0"),
    field("paid_90d", _("Paid in 90 days"), Kind.MONEY, "payments",
          "sum(m.amount) FILTER (WHERE m.paid_at >= %(until)s - interval '90 days')", unit=_("yuan"), measure=True, absent="0", limits=FROM_ZERO),
    field("days_since_payment", _("Days since the last payment"), Kind.DAYS, "payments",
          since("max(m.paid_at)"), unit=_("days"), model=True, said=_("last paid {value} days ago"),
          said_one=_("last paid one day ago"), a_day_later=1),
    field("balance", _("Balance"), Kind.MONEY, "balances", "e.balance", unit=_("yuan"), measure=True),
    field("arrears", _("Arrears"), Kind.MONEY, "balances", "e.arrears", unit=_("yuan"), measure=True, model=True,
          said=_("owes {value} yuan"), limits=FROM_ZERO),
    field("deposit", _("Deposit remaining"), Kind.MONEY, "balances", "e.deposit", unit=_("yuan"), measure=True, model=True,
          sayable=False, limits=FROM_ZERO),
    field("balance_days", _("Days the balance will last"), Kind.DAYS, "derived",
          "CASE WHEN balance IS NOT NULL AND (bill_base > 0 OR arpu > 0) THEN"
          " least(999, floor(balance / (coalesce(nullif(bill_base, 0), arpu) / 30)))::int END", unit=_("days"), limits=(0, 999)),
    field("month_days_left", _("Days until the month ends"), Kind.DAYS, "derived",
          "(date_trunc('month', %(as_of)s::date) + interval '1 month')::date - 1 - %(as_of)s::date", unit=_("days"), limits=(0, 30)),
    # Prepaid pays the plan fee out of the balance; postpaid with money in advance pays the bill out of it.
    field("month_end_short", _("Short at the month-end deduction"), Kind.MONEY, "derived",
          "CASE WHEN balance IS NOT NULL AND (pay_mode = 'prepaid' OR balance + deposit > 0) THEN greatest(0,"
          " CASE pay_mode WHEN 'prepaid' THEN plan_fee ELSE coalesce(nullif(bill_base, 0), arpu, plan_fee) END"
          " - balance - deposit - coalesce(credit_limit, 0)) END", unit=_("yuan"), measure=True, limits=FROM_ZERO),
    field("points", _("Points"), Kind.COUNT, "points", "sum(t.points)::int", unit=_("points"), measure=True, model=True,
          sayable=False, absent="0", theme=ThemeKey.USAGE, limits=ANY_NUMBER),
    field("points_redeemed_180d", _("Points redeemed in 180 days"), Kind.COUNT, "points",
          "coalesce(-sum(t.points) FILTER (WHERE t.points < 0 AND t.at >= %(until)s - interval '180 days'), 0)::int",
          unit=_("points"), measure=True, model=True, sayable=False, absent="0", theme=ThemeKey.USAGE, limits=ANY_NUMBER),
    field("points_expiring_60d", _("Points expiring in 60 days"), Kind.COUNT, "points",
          expiring(60), unit=_("points"), measure=True, absent="0", theme=ThemeKey.USAGE, limits=ANY_NUMBER,
          said=_("{value} points expire within 60 days")),
    field("points_expiring_30d", _("Points expiring in 30 days"), Kind.COUNT, "points", expiring(30), unit=_("points"),
          measure=True, absent="0", limits=ANY_NUMBER, theme=ThemeKey.USAGE, said=_("{value} points expire within 30 days")),
    field("points_earned_90d", _("Points earned in 90 days"), Kind.COUNT, "points",
          "coalesce(sum(t.points) FILTER (WHERE t.points > 0 AND t.at >= %(until)s - interval '90 days'), 0)::int",
          unit=_("points"), measure=True, absent="0", theme=ThemeKey.USAGE),
    field("days_since_redemption", _("Days since points were redeemed"), Kind.DAYS, "points",
          since("max(t.at) FILTER (WHERE t.points < 0)"), unit=_("days"), a_day_later=1, theme=ThemeKey.USAGE,
          said=_("redeemed points {value} days ago"), said_one=_("redeemed points one day ago")),
]  # fmt: skip
