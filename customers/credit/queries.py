"""The points card as SQL: what a block of accounts is judged by, and the points that it gives."""

from customers.credit import rules
from customers.credit.rules import CARDS, FACTORS, LEVEL_FLOORS, CreditLevel, Factor, Unrated
from customers.facts.models import Account

PREPAID, POSTPAID = Account.PayMode.PREPAID.value, Account.PayMode.POSTPAID.value
# Bills, tickets and events are read by ranges of lines; the few lines of an account that lie elsewhere one by one.
_OF_BLOCK = "{0}.subscriber_id BETWEEN %(lo)s AND %(hi)s"
_ELSEWHERE = "{0}.subscriber_id = ANY(ARRAY(SELECT l.id FROM account_lines l WHERE l.id NOT BETWEEN %(lo)s AND %(hi)s))"
# Top-ups are known up to the end of the last month of which they have arrived; without a gap in the feed up to today.
_TOPUPS_UNTIL = """(
    CASE WHEN %(topup_month)s::date + interval '1 month' < (%(topup_until)s AT TIME ZONE %(zone)s)::date
         THEN (%(topup_month)s::date + interval '1 month')::date - 1 ELSE %(as_of)s::date END)"""
_TOPUPS_FROM = f"greatest(o.opened_on, %(as_of)s::date - {rules.TOPUP_DAYS}, (%(topup_months)s::date[])[1])"


def _rows(columns: str, table: str, alias: str, condition: str) -> str:
    return " UNION ALL ".join(
        f"SELECT {columns} FROM {table} {alias} WHERE {of.format(alias)} AND {condition}"
        for of in (_OF_BLOCK, _ELSEWHERE)
    )


_BILLS = _rows(
    "b.subscriber_id, b.month, b.total, b.due_on, CASE WHEN b.paid_on <= %(as_of)s THEN b.paid_on END AS paid_on",
    "customers_bill", "b",
    f"b.month BETWEEN (%(bill_month)s::date - interval '{rules.BILL_MONTHS - 1} months')::date AND %(bill_month)s"
    " AND b.total > 0",
)  # fmt: skip
_STOPS = _rows(
    "v.subscriber_id, (v.at AT TIME ZONE %(zone)s)::date AS day", "customers_statusevent", "v",
    f"v.kind = 'stop' AND v.reason IN ({', '.join(repr(reason) for reason in rules.STOPPED_FOR)})"
    f" AND v.at < %(until)s AND v.at >= %(until)s - interval '{rules.EVENT_DAYS} days'",
)  # fmt: skip
_COMPLAINTS = _rows(
    "k.subscriber_id", "customers_servicecontact", "k",
    f"k.kind = 'complaint' AND k.opened_at < %(until)s"
    f" AND k.opened_at >= %(until)s - interval '{rules.EVENT_DAYS} days'",
)  # fmt: skip


def points_sql(factor: Factor, value: str) -> str:
    """A CASE that gives what `factor.points` gives. value: SQL of a number."""
    *bounded, last = factor.bands
    whens = " ".join(f"WHEN {value} <= {band.up_to} THEN {band.points}" for band in bounded)
    return f"CASE WHEN {value} IS NULL THEN {factor.unknown} {whens} ELSE {last.points} END"


def level_sql(score: str) -> str:
    """A CASE that gives the code of the level; that of an account without a score where `score` is NULL."""
    whens = " ".join(f"WHEN {score} >= {floor} THEN '{level.value}'" for level, floor in LEVEL_FLOORS.items())
    return f"CASE {whens} ELSE '{CreditLevel.UNRATED.value}' END"


def _on_card(factor: Factor) -> str:
    cards = ", ".join(f"'{card}'" for card, factors in CARDS.items() if factor in factors)
    points = points_sql(factor, f"j.{factor.key}")
    return f"CASE WHEN j.why = '' AND j.card IN ({cards}) THEN {points} END AS p_{factor.key}"


def _as_json(columns: dict[str, str]) -> str:
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(f'{key!r}, {sql}' for key, sql in columns.items())}))"


# What the page says beside the points, by name; a name of the other card stays away.
MEASURED = {
    POSTPAID: ("bills", "late", "late_share"),
    PREPAID: ("topup_gap",),
    "": ("owed", "monthly", "owed_months", "stops", "complaints", "complaints_all", "lines", "tenure_months"),
}
_MEASURED = _as_json(
    {
        name: f"CASE WHEN j.card = '{card}' THEN j.{name} END" if card else f"j.{name}"
        for card, names in MEASURED.items()
        for name in names
    }
)
# `first_line`: an account belongs to the block in which its first line is. Parameters: those of
# customers.profile.queries.windows.Windows, and lo, hi (subscriber ids, inclusive).
CREDIT_SQL = f"""
    WITH chosen AS MATERIALIZED (
        SELECT DISTINCT s.account_id FROM customers_subscriber s WHERE s.id BETWEEN %(lo)s AND %(hi)s
    ), account_lines AS MATERIALIZED (
        SELECT s.id, s.account_id, s.activated_on, s.terminated_on
        FROM customers_subscriber s JOIN chosen h ON h.account_id = s.account_id
        WHERE s.activated_on <= %(as_of)s
    ), opened AS MATERIALIZED (
        SELECT n.*, a.pay_mode, a.customer_id
        FROM (
            SELECT l.account_id, min(l.id) AS first_line, min(l.activated_on) AS opened_on,
                   count(*) FILTER (WHERE l.terminated_on IS NULL
                                    OR l.terminated_on > %(as_of)s::date - {rules.EVENT_DAYS}) AS lines
            FROM account_lines l
            GROUP BY l.account_id HAVING bool_or(l.terminated_on IS NULL OR l.terminated_on > %(as_of)s)
        ) n JOIN customers_account a ON a.id = n.account_id
    ), billed AS MATERIALIZED (
        SELECT q.account_id, count(*) FILTER (WHERE q.is_due) AS bills,
               count(*) FILTER (WHERE q.is_due AND q.is_late) AS late,
               sum(q.total) FILTER (WHERE q.is_due AND q.paid_on IS NULL) AS unpaid,
               sum(q.total) / (1 + date_part('year', age(max(q.month), min(q.month))) * 12
                               + date_part('month', age(max(q.month), min(q.month))))::int AS monthly
        FROM (
            SELECT l.account_id, y.month, y.total, y.paid_on, y.paid_on IS NOT NULL AND y.due_on IS NOT NULL
                   OR y.due_on < %(as_of)s::date - {rules.GRACE_DAYS} AS is_due,
                   coalesce(y.paid_on, %(as_of)s) > y.due_on + {rules.GRACE_DAYS} AS is_late
            FROM opened o JOIN account_lines l ON l.account_id = o.account_id AND o.pay_mode = '{POSTPAID}'
            JOIN ({_BILLS}) y ON y.subscriber_id = l.id
        ) q GROUP BY q.account_id
    ), topped AS MATERIALIZED (
        SELECT o.account_id, n.topup_gap, n.paid / (greatest(n.last_day - n.first_day, 30) / 30.0) AS monthly
        FROM opened o CROSS JOIN LATERAL (
            SELECT max(g.day - g.before) AS topup_gap, sum(g.amount) AS paid, max(g.day) AS last_day,
                   min(g.before) AS first_day
            FROM (
                SELECT d.day, d.amount, lag(d.day, 1, least({_TOPUPS_FROM}, d.day)) OVER (ORDER BY d.day) AS before
                FROM (
                    SELECT (m.paid_at AT TIME ZONE %(zone)s)::date AS day, m.amount
                    FROM customers_payment m
                    WHERE m.account_id = o.account_id AND m.amount > 0 AND m.paid_at < %(until)s
                      AND m.paid_at >= %(until)s - interval '{rules.TOPUP_DAYS} days'
                    UNION ALL SELECT {_TOPUPS_UNTIL}, 0
                ) d
            ) g
        ) n WHERE o.pay_mode = '{PREPAID}'
    ), owing AS MATERIALIZED (
        SELECT o.account_id, n.owed
        FROM opened o CROSS JOIN LATERAL (
            SELECT greatest(e.arrears, -e.balance, 0) AS owed FROM customers_balance e
            WHERE e.account_id = o.account_id AND e.day BETWEEN %(as_of)s::date - {rules.BALANCE_DAYS} AND %(as_of)s
            ORDER BY e.day DESC LIMIT 1
        ) n WHERE o.pay_mode = '{PREPAID}'
    ), stopped AS MATERIALIZED (
        SELECT l.account_id, count(DISTINCT y.day) AS stops
        FROM account_lines l JOIN ({_STOPS}) y ON y.subscriber_id = l.id GROUP BY l.account_id
    ), complained AS MATERIALIZED (
        SELECT l.account_id, count(*) AS complaints
        FROM account_lines l JOIN ({_COMPLAINTS}) y ON y.subscriber_id = l.id GROUP BY l.account_id
    ), known AS MATERIALIZED (
        SELECT o.account_id, o.first_line, o.opened_on, o.lines, o.pay_mode AS card,
               CASE WHEN c.profiling_opt_out THEN '{Unrated.OPTED_OUT}'
                    WHEN o.opened_on > %(as_of)s::date - {rules.LEAST_AGE_DAYS} THEN '{Unrated.NEW}'
                    WHEN o.pay_mode = '{POSTPAID}' AND coalesce(b.bills, 0) < {rules.LEAST_BILLS}
                    THEN '{Unrated.FEW_BILLS}'
                    WHEN o.pay_mode = '{PREPAID}' AND cardinality(%(topup_months)s::date[]) = 0
                    THEN '{Unrated.NO_TOPUPS}' ELSE '' END AS why,
               coalesce(b.bills, 0) AS bills, coalesce(b.late, 0) AS late, t.topup_gap,
               CASE o.pay_mode WHEN '{PREPAID}' THEN e.owed ELSE coalesce(b.unpaid, 0) END AS owed,
               round(CASE o.pay_mode WHEN '{PREPAID}' THEN t.monthly ELSE b.monthly END, 2) AS monthly,
               coalesce(v.stops, 0) AS stops, coalesce(k.complaints, 0) AS complaints_all,
               age(%(as_of)s::date, o.opened_on) AS tenure
        FROM opened o
        JOIN customers_customer c ON c.id = o.customer_id
        LEFT JOIN billed b ON b.account_id = o.account_id
        LEFT JOIN topped t ON t.account_id = o.account_id
        LEFT JOIN owing e ON e.account_id = o.account_id
        LEFT JOIN stopped v ON v.account_id = o.account_id
        LEFT JOIN complained k ON k.account_id = o.account_id
    ), judged AS MATERIALIZED (
        SELECT i.*, round(i.late::numeric / nullif(i.bills, 0), {rules.LATE_SHARE.decimals}) AS late_share,
               round(CASE WHEN i.owed > 0 THEN least(coalesce(i.owed / nullif(i.monthly, 0), {rules.MOST_MONTHS}),
                     {rules.MOST_MONTHS}) ELSE i.owed END, {rules.OWED_MONTHS.decimals}) AS owed_months,
               round(i.complaints_all / ceil(i.lines / {rules.LINES_A_COMPLAINT}.0), {rules.COMPLAINTS.decimals})
               AS complaints,
               (date_part('year', i.tenure) * 12 + date_part('month', i.tenure))::int AS tenure_months
        FROM known i
    ), pointed AS MATERIALIZED (
        SELECT j.*, {", ".join(_on_card(factor) for factor in FACTORS.values())},
               CASE j.why WHEN '{Unrated.OPTED_OUT}' THEN '{{}}'::jsonb ELSE {_MEASURED} END AS measured
        FROM judged j
    ), summed AS MATERIALIZED (
        SELECT p.*, CASE WHEN p.why = '' THEN {" + ".join(f"coalesce(p.p_{key}, 0)" for key in FACTORS)} END AS score
        FROM pointed p
    )
    SELECT r.account_id, r.first_line, %(as_of)s::date AS as_of, r.card, r.why, r.score,
           {level_sql("r.score")} AS level, {_as_json({key: f"r.p_{key}" for key in FACTORS})} AS points, r.measured
    FROM summed r
"""
