"""Bills, payments, balances and points. Bills are compared as usage is: the last one against the three before it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.fields.base import Area, Feed, Kind, ProfileField, Source, ThemeKey, since

BILLS = Source(
    "bills",
    """
    SELECT l.subscriber_id, {columns}
    FROM customers_bill l
    WHERE l.subscriber_id BETWEEN %(lo)s AND %(hi)s AND l.month BETWEEN %(bill_from)s AND %(bill_month)s
    GROUP BY l.subscriber_id
    """,
    feed=Feed.BILLS,
)
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
    feed=Feed.BALANCES,
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
LAST = "FILTER (WHERE l.month = %(bill_month)s)"
BEFORE = "FILTER (WHERE l.month < %(bill_month)s AND l.month >= %(bill_base_from)s)"


def field(key: str, label: object, kind: Kind, source: str, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.MONEY, source, sql, **({"theme": ThemeKey.PAYMENT} | more))


SOURCES = [BILLS, PAYMENTS, BALANCES, POINTS]
FIELDS = [
    field("bill_last", _("Last bill"), Kind.MONEY, "bills", f"sum(l.total) {LAST}", unit=_("yuan"), measure=True, model=True,
          sayable=False, theme=ThemeKey.PRICE),
    field("bill_base", _("Bill, mean of the three months before"), Kind.MONEY, "bills", f"avg(l.total) {BEFORE}",
          unit=_("yuan"), measure=True, theme=ThemeKey.PRICE),
    # Its index is SubscriberProfile's "profile_by_spend".
    field("arpu", _("Spend a month, six-month mean"), Kind.MONEY, "bills", "avg(l.total)", unit=_("yuan"), measure=True,
          model=True, sayable=False, theme=ThemeKey.PRICE),
    field("bill_change", _("Spend, change"), Kind.SHARE, "derived",
          "CASE WHEN bill_base > 0 THEN greatest(-1, least(9.99, coalesce(bill_last, 0) / bill_base - 1)) END",
          measure=True, model=True, said=_("spend rose {value}% against the three months before"),
          said_negative=_("spend fell {value}% against the three months before"), theme=ThemeKey.USAGE),
    field("over_fee_share", _("Spend beyond the plan fee"), Kind.SHARE, "derived",
          "(bill_last - plan_fee) / nullif(plan_fee, 0)", measure=True, model=True,
          said=_("pays {value}% more than the plan fee"), said_negative=_("pays {value}% less than the plan fee"), theme=ThemeKey.PRICE),
    field("discount_last", _("Discount on the last bill"), Kind.MONEY, "bills", f"sum(l.discount) {LAST}", unit=_("yuan"),
          model=True, said=_("had a discount of {value} yuan on the last bill"), theme=ThemeKey.PRICE),
    field("discount_lost", _("Discount lost"), Kind.MONEY, "bills",
          f"greatest(coalesce(avg(l.discount) {BEFORE}, 0) - coalesce(sum(l.discount) {LAST}, 0), 0)", unit=_("yuan"),
          model=True, said=_("a discount of {value} yuan has ended"), theme=ThemeKey.PRICE),
    field("vas_bill_last", _("Services on the last bill"), Kind.MONEY, "bills", f"sum(l.vas) {LAST}", unit=_("yuan"),
          measure=True, theme=ThemeKey.PRICE),
    field("data_bill_last", _("Extra data on the last bill"), Kind.MONEY, "bills", f"sum(l.data) {LAST}", unit=_("yuan"),
          measure=True, model=True, said=_("paid {value} yuan for data beyond the plan"), theme=ThemeKey.PRICE),
    field("bills_unpaid", _("Unpaid bills"), Kind.COUNT, "bills",
          "(count(*) FILTER (WHERE l.due_on < %(as_of)s AND (l.paid_on IS NULL OR l.paid_on > %(as_of)s)))::int",
          measure=True, model=True, said=_("has {value} unpaid bills"),
          said_one=_("has one unpaid bill"), absent="0"),
    field("days_overdue", _("Days the oldest unpaid bill is overdue"), Kind.DAYS, "bills",
          "%(as_of)s::date - min(l.due_on) FILTER (WHERE l.due_on < %(as_of)s AND (l.paid_on IS NULL OR l.paid_on > %(as_of)s))",
          unit=_("days"), measure=True, said=_("a bill is {value} days overdue"), said_one=_("a bill is one day overdue")),
    field("days_late", _("Days late paying, mean"), Kind.NUMBER, "bills",
          "avg(greatest(least(l.paid_on, %(as_of)s) - l.due_on, 0)) FILTER (WHERE l.paid_on <= %(as_of)s)", unit=_("days"),
          model=True, sayable=False),
    field("payments_90d", _("Payments in 90 days"), Kind.COUNT, "payments",
          "(count(*) FILTER (WHERE m.paid_at >= %(until)s - interval '90 days'))::int", measure=True, model=True,
          said=_("paid or topped up {value} times in 90 days"),
          said_one=_("paid or topped up once in 90 days"), absent="0"),
    field("paid_90d", _("Paid in 90 days"), Kind.MONEY, "payments",
          "sum(m.amount) FILTER (WHERE m.paid_at >= %(until)s - interval '90 days')", unit=_("yuan"), measure=True, absent="0"),
    field("days_since_payment", _("Days since the last payment"), Kind.DAYS, "payments",
          since("max(m.paid_at)"), unit=_("days"), model=True, said=_("last paid {value} days ago"),
          said_one=_("last paid one day ago")),
    field("balance", _("Balance"), Kind.MONEY, "balances", "e.balance", unit=_("yuan"), measure=True),
    field("arrears", _("Arrears"), Kind.MONEY, "balances", "e.arrears", unit=_("yuan"), measure=True, model=True,
          said=_("owes {value} yuan")),
    field("deposit", _("Deposit left"), Kind.MONEY, "balances", "e.deposit", unit=_("yuan"), measure=True, model=True,
          sayable=False),
    field("balance_days", _("Days the balance will last"), Kind.DAYS, "derived",
          "CASE WHEN coalesce(bill_base, bill_last) > 0 THEN"
          " least(999, floor(balance / (coalesce(bill_base, bill_last) / 30)))::int END", unit=_("days")),
    field("points", _("Points"), Kind.COUNT, "points", "sum(t.points)::int", unit=_("points"), measure=True, model=True,
          sayable=False, absent="0", theme=ThemeKey.USAGE),
    field("points_redeemed_180d", _("Points redeemed in 180 days"), Kind.COUNT, "points",
          "coalesce(-sum(t.points) FILTER (WHERE t.points < 0 AND t.at >= %(until)s - interval '180 days'), 0)::int",
          unit=_("points"), measure=True, model=True, sayable=False, absent="0", theme=ThemeKey.USAGE),
    field("points_expiring_60d", _("Points expiring in 60 days"), Kind.COUNT, "points",
          "coalesce(sum(t.points) FILTER (WHERE t.expires_on BETWEEN %(as_of)s AND %(as_of)s::date + 60), 0)::int",
          unit=_("points"), measure=True, absent="0", theme=ThemeKey.USAGE),
]  # fmt: skip
