"""The indicators: definition, good direction, and the rows behind each."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.outreach.models import ContactOutcome
from customers.contacts.models import ContactRecord
from customers.facts.models import Bill, Subscriber
from customers.fields.base import Feed
from customers.fields.choices import COHORT_DAYS, VOLUNTARY_REASONS, TenureCohort
from customers.fields.spend import topups_cte
from customers.lists.models import ListEntry
from customers.profile.models import SubscriberProfile
from workorders.order_types.models import Disposition
from workorders.orders.models import WorkOrder

LIVE = "s.activated_on <= %(as_of)s AND (s.terminated_on IS NULL OR s.terminated_on > %(as_of)s)"
LEFT = "s.terminated_on > %(as_of)s::date - 30 AND s.terminated_on <= %(as_of)s"
# The base of every churn rate, so that the cohorts add up to the whole: lines of 30 days ago.
OF_30_DAYS_AGO = "s.activated_on <= %(as_of)s::date - 30"
CHURNED = f"{LEFT} AND {OF_30_DAYS_AGO} AND s.termination_reason IN {VOLUNTARY_REASONS}"
CLOSED_30 = "o.closed_at >= %(until)s - interval '30 days' AND o.closed_at < %(until)s"
CALLED, CONNECTED = f"h.channel = '{ListEntry.Channel.CALL}'", f"h.outcome = '{ContactOutcome.CONNECTED}'"


@dataclass(frozen=True)
class Source:
    """FROM and WHERE of an indicator. key: of what it counts, branch: of its branch. page: the list of such rows."""

    sql: str
    key: str
    branch: str
    page: str


LINES = Source(
    f"FROM {Subscriber._meta.db_table} s WHERE s.activated_on <= %(as_of)s AND (({LIVE}) OR ({LEFT}))",
    "s.id", "s.branch_id", "customers",
)  # fmt: skip
PROFILES = Source(
    f"FROM {SubscriberProfile._meta.db_table} p WHERE p.as_of = %(as_of)s",
    "p.subscriber_id",
    "p.branch_id",
    "customers",
)
SPEND = Source(
    f"""
    FROM (
        WITH {topups_cte("true")}
        SELECT subscriber_id, total FROM {Bill._meta.db_table} WHERE month = %(bill_month)s
        UNION ALL SELECT subscriber_id, total FROM topups WHERE month = %(topup_month)s
    ) l JOIN {Subscriber._meta.db_table} s ON s.id = l.subscriber_id WHERE true
    """,  # noqa: S608
    "s.id", "s.branch_id", "customers",
)  # fmt: skip
ORDERS = Source(
    f"FROM {WorkOrder._meta.db_table} o LEFT JOIN {Disposition._meta.db_table} d ON d.id = o.disposition_id"
    " WHERE o.opened_at < %(until)s",
    "o.id", "o.branch_id", "orders",
)  # fmt: skip
CALLS = Source(
    f"FROM {ContactRecord._meta.db_table} h JOIN {WorkOrder._meta.db_table} o ON o.order_no = h.order_no"
    f" WHERE {CALLED} AND h.state = '{ContactRecord.State.USED}'"
    " AND h.at >= %(until)s - interval '30 days' AND h.at < %(until)s",
    "o.id", "o.branch_id", "orders",
)  # fmt: skip


@dataclass(frozen=True)
class Kpi:
    """numerator, denominator: SQL aggregates over `source`, by branch. good: +1 if more is better, -1 if less.

    counted: the condition of the rows that its page lists; "" for an indicator without a page. sort: their order.
    historic: computable for a date before go-live. feed: without it there is no figure, rather than a wrong one.
    """

    key: str
    label: object
    unit: str
    good: int
    source: Source
    numerator: str
    denominator: str = ""
    counted: str = ""
    sort: str = ""
    historic: bool = False
    help: object = ""
    on_home: bool = True
    feed: Feed | None = None


def count(key: str, label: object, good: int, source: Source, counted: str, **given: Any) -> Kpi:
    """An indicator that is the number of rows with a condition."""
    return Kpi(key, label, "count", good, source, f"count(*) FILTER (WHERE {counted})", counted=counted, **given)


def share(key: str, label: object, good: int, source: Source, part: str, whole: str, **given: Any) -> Kpi:
    """The share that the rows with a condition have in others; lists the part, unless told otherwise."""
    top, bottom = f"count(*) FILTER (WHERE {part})", f"count(*) FILTER (WHERE {whole})"
    return Kpi(key, label, "percent", good, source, top, bottom, **({"counted": part} | given))


def churn_of_cohort(cohort: TenureCohort) -> Kpi:
    """The churn rate of the lines that were in the cohort as of the date, or when they left."""
    from_day, to_day = COHORT_DAYS[cohort]
    tenure = "(coalesce(least(s.terminated_on, %(as_of)s::date), %(as_of)s::date) - s.activated_on)"
    inside = f"{tenure} >= {from_day} AND {tenure} < {to_day}"
    return share(
        f"churn_{cohort.value}", cohort.label, -1, LINES, f"{CHURNED} AND {inside}", f"{OF_30_DAYS_AGO} AND {inside}",
        counted="", historic=True, on_home=False,
    )  # fmt: skip


KPIS = {
    kpi.key: kpi
    for kpi in (
        count("subscribers", _("Subscribers"), +1, LINES, LIVE, historic=True, help=_("Lines in use, stopped ones included")),
        share("churn_rate", _("Churn, 30 days"), -1, LINES, CHURNED,
              OF_30_DAYS_AGO, historic=True,
              help=_("Voluntary terminations and port-outs among the lines of 30 days ago")),
        count("port_outs", _("Port-outs, 30 days"), -1, LINES, f"{LEFT} AND s.termination_reason = 'port_out'", historic=True,
              help=_("Lines whose number was taken to another operator")),
        Kpi("arpu", _("ARPU"), "money", +1, SPEND, "sum(l.total)", "count(*)", counted="true", sort="-arpu",
            historic=True, feed=Feed.BILLS,
            help=_("Bills of the last complete month; top-ups of prepaid lines that are not billed")),
        count("at_risk", _("At high risk"), -1, PROFILES, "p.risk_tier IN ('high', 'critical')",
              help=_("Lines in the risk tiers high and critical")),
        Kpi("revenue_at_risk", _("Monthly revenue at risk"), "money", -1, PROFILES,
            "sum(coalesce(p.arpu, 0) * coalesce(p.risk_probability, 0))", counted="p.arpu * p.risk_probability > 0",
            help=_("Monthly spend times the churn probability")),
        count("orders_open", _("Open orders"), -1, ORDERS, "o.closed_at IS NULL OR o.closed_at >= %(until)s",
              help=_("Work orders not brought to their end")),
        share("connect_rate", _("Contact rate, 30 days"), +1, CALLS, CONNECTED, "true", counted="true",
              help=_("Calls that reached the customer among all calls made; its list has the orders that were called for")),
        share("saved_rate", _("Retained when reached, 30 days"), +1, ORDERS, f"{CLOSED_30} AND d.result IN ('retained', 'accepted')",
              f"{CLOSED_30} AND d.reached", help=_("Closed orders that retained the customer among those that reached the customer")),
        *(churn_of_cohort(cohort) for cohort in TenureCohort),
    )
}  # fmt: skip
