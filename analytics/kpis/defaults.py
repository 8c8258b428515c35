"""The indicators: definition, good direction, and the page of the rows behind each."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from customers.facts.models import Bill, Subscriber
from customers.fields.base import Feed
from customers.fields.choices import COHORT_DAYS, VOLUNTARY_REASONS, TenureCohort
from customers.fields.spend import topups_cte
from customers.profile.models import SubscriberProfile
from workorders.order_types.models import Disposition
from workorders.orders.models import WorkOrder

LIVE = "s.activated_on <= %(as_of)s AND (s.terminated_on IS NULL OR s.terminated_on > %(as_of)s)"
LEFT = "s.terminated_on > %(as_of)s::date - 30 AND s.terminated_on <= %(as_of)s"
VOLUNTARY = f"s.termination_reason IN {VOLUNTARY_REASONS}"
LINES = f"FROM {Subscriber._meta.db_table} s WHERE s.activated_on <= %(as_of)s AND (({LIVE}) OR ({LEFT}))"
PROFILES = f"FROM {SubscriberProfile._meta.db_table} p WHERE p.as_of = %(as_of)s"
SPEND = f"""
    FROM (
        WITH {topups_cte("true")}
        SELECT subscriber_id, total FROM {Bill._meta.db_table} WHERE month = %(bill_month)s
        UNION ALL SELECT subscriber_id, total FROM topups WHERE month = %(topup_month)s
    ) l JOIN {Subscriber._meta.db_table} s ON s.id = l.subscriber_id
"""
ORDERS = (
    f"FROM {WorkOrder._meta.db_table} o LEFT JOIN {Disposition._meta.db_table} d ON d.id = o.disposition_id"
    " WHERE o.opened_at < %(until)s"
)
CLOSED_30 = "o.closed_at >= %(until)s - interval '30 days' AND o.closed_at < %(until)s"


@dataclass(frozen=True)
class Kpi:
    """numerator, denominator: SQL aggregates over `rows`, grouped by `branch`. good: +1 if more is better, -1 if less.

    link: the page that lists the rows behind the number. historic: computable for a date before go-live.
    feed: without it there is no figure, rather than a wrong one.
    """

    key: str
    label: object
    unit: str
    good: int
    rows: str
    numerator: str
    denominator: str = ""
    branch: str = "s.branch_id"
    link: str = ""
    historic: bool = False
    help: object = ""
    on_home: bool = True
    feed: Feed | None = None


def churn_of_cohort(cohort: TenureCohort) -> Kpi:
    """The churn rate of the lines that were in the cohort as of the date, or when they left."""
    from_day, to_day = COHORT_DAYS[cohort]
    tenure = "(coalesce(least(s.terminated_on, %(as_of)s::date), %(as_of)s::date) - s.activated_on)"
    inside = f"{tenure} >= {from_day} AND {tenure} < {to_day}"
    return Kpi(
        f"churn_{cohort.value}",
        cohort.label,
        "percent",
        -1,
        LINES,
        f"count(*) FILTER (WHERE {LEFT} AND {VOLUNTARY} AND {inside})",
        f"count(*) FILTER (WHERE {inside})",
        historic=True,
        on_home=False,
    )


KPIS = {
    kpi.key: kpi
    for kpi in (
        Kpi("subscribers", _("Subscribers"), "count", +1, LINES, f"count(*) FILTER (WHERE {LIVE})", link="/customers/",
            historic=True, help=_("Lines in use, stopped ones included")),
        Kpi("churn_rate", _("Churn, 30 days"), "percent", -1, LINES, f"count(*) FILTER (WHERE {LEFT} AND {VOLUNTARY})",
            "count(*) FILTER (WHERE s.activated_on <= %(as_of)s::date - 30)", link="/customers/?status=terminated",
            historic=True, help=_("Voluntary terminations and port-outs among the lines of 30 days ago")),
        Kpi("port_outs", _("Port-outs, 30 days"), "count", -1, LINES,
            f"count(*) FILTER (WHERE {LEFT} AND s.termination_reason = 'port_out')", link="/customers/?status=terminated",
            historic=True),
        Kpi("arpu", _("Spend a month and line"), "money", +1, SPEND, "sum(l.total)", "count(*)",
            link="/customers/?sort=-arpu", historic=True, help=_("Bills of the last complete month; top-ups of prepaid lines that are not billed"), feed=Feed.BILLS),
        Kpi("at_risk", _("At high risk"), "count", -1, PROFILES,
            "count(*) FILTER (WHERE p.risk_tier IN ('high', 'critical'))", branch="p.branch_id",
            link="/churn/", help=_("Lines in the risk tiers high and critical")),
        Kpi("revenue_at_risk", _("Revenue at risk, a month"), "money", -1, PROFILES,
            "sum(coalesce(p.arpu, 0) * coalesce(p.risk_probability, 0))", branch="p.branch_id",
            link="/churn/?sort=-expected_gain", help=_("Spend a month times the chance of leaving")),
        Kpi("orders_open", _("Open orders"), "count", -1, ORDERS,
            "count(*) FILTER (WHERE o.closed_at IS NULL OR o.closed_at >= %(until)s)", branch="o.branch_id", link="/supervise/"),
        Kpi("contact_rate", _("Contact rate, 30 days"), "percent", +1, ORDERS,
            f"count(*) FILTER (WHERE {CLOSED_30} AND d.reached)", f"count(*) FILTER (WHERE {CLOSED_30} AND o.attempts > 0)",
            branch="o.branch_id", link="/supervise/?state=done", help=_("Closed orders whose customer was reached")),
        Kpi("saved_rate", _("Retained when reached, 30 days"), "percent", +1, ORDERS,
            f"count(*) FILTER (WHERE {CLOSED_30} AND d.result IN ('retained', 'accepted'))",
            f"count(*) FILTER (WHERE {CLOSED_30} AND d.reached)", branch="o.branch_id", link="/supervise/?state=done"),
        *(churn_of_cohort(cohort) for cohort in TenureCohort),
    )
}  # fmt: skip
