"""Customer, account and line, with their dates. One row per subscriber: the profile's base table."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.facts.models import Account, Customer, LineType, Subscriber
from customers.fields.base import FROM_ZERO, Area, Kind, ProfileField, Source, ThemeKey
from customers.fields.choices import TenureCohort
from customers.fields.coded_rows import BRANCHES, CITIES, DISTRICTS, PLANS
from customers.fields.cohorts import DAYS_A_MONTH, cohort_sql

# Lines in use, and those that left in the last `leaver_days`: none of them with 0.
LINE = Source(
    "line",
    """
    SELECT s.id AS subscriber_id, {columns}
    FROM customers_subscriber s
    JOIN customers_account a ON a.id = s.account_id
    JOIN customers_customer c ON c.id = a.customer_id
    JOIN customers_plan p ON p.id = s.plan_id
    JOIN core_branch b ON b.id = s.branch_id
    WHERE s.id BETWEEN %(lo)s AND %(hi)s
      AND s.activated_on <= %(as_of)s
      AND (s.terminated_on IS NULL OR s.terminated_on > %(as_of)s::date - %(leaver_days)s)
    """,
    keys=("s.account_id", "a.customer_id", "s.branch_id"),
)

# Grouped once a block: asking for each line would make the planner choose between bad and worse.
HOUSEHOLD = Source(
    "household",
    """
    SELECT s.id AS subscriber_id, {columns}
    FROM customers_subscriber s
    JOIN customers_account a ON a.id = s.account_id
    JOIN (
        SELECT a2.customer_id,
               (count(*) FILTER (WHERE s2.terminated_on IS NULL OR s2.terminated_on > %(as_of)s))::int AS lines,
               (count(*) FILTER (WHERE s2.line_type = 'mobile'
                                 AND (s2.terminated_on IS NULL OR s2.terminated_on > %(as_of)s)))::int AS mobiles,
               (count(*) FILTER (WHERE s2.line_type = 'iptv'
                                 AND (s2.terminated_on IS NULL OR s2.terminated_on > %(as_of)s)))::int AS iptvs,
               (count(*) FILTER (WHERE s2.terminated_on <= %(as_of)s))::int AS gone
        FROM customers_subscriber s2 JOIN customers_account a2 ON a2.id = s2.account_id
        WHERE s2.activated_on <= %(as_of)s
          AND (s2.terminated_on IS NULL OR s2.terminated_on > %(as_of)s::date - 180)
        GROUP BY a2.customer_id
    ) q ON q.customer_id = a.customer_id
    WHERE s.id BETWEEN %(lo)s AND %(hi)s
    """,
)


def field(key: str, label: object, kind: Kind, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.IDENTITY, "line", sql, **({"theme": ThemeKey.PROFILE} | more))


SOURCES = [LINE, HOUSEHOLD]
FIELDS = [
    field(
        "line_type",
        _("Line type"),
        Kind.CHOICE,
        "s.line_type",
        choices=LineType,
        dimension=True,
        model=True,
        sayable=False,
    ),
    field("status", _("Status"), Kind.CHOICE, "s.status", choices=Subscriber.Status, dimension=True),
    field("status_reason", _("Status reason"), Kind.CHOICE, "s.status_reason", dimension=True),
    field(
        "plan_code",
        _("Plan"),
        Kind.CHOICE,
        "p.code",
        rows=PLANS,
        dimension=True,
        model=True,
        sayable=False,
        theme=ThemeKey.PRICE,
    ),
    field("brand", _("Brand"), Kind.CHOICE, "p.brand", dimension=True, model=True, sayable=False, theme=ThemeKey.PRICE),
    field(
        "plan_fee",
        _("Plan fee"),
        Kind.MONEY,
        "p.monthly_fee",
        unit=_("yuan"),
        measure=True,
        model=True,
        said=_("the plan costs {value} yuan a month"),
        theme=ThemeKey.PRICE,
        limits=FROM_ZERO,
    ),
    field(
        "plan_minutes", _("Minutes in the plan"), Kind.COUNT, "p.voice_minutes", unit=_("minutes"), theme=ThemeKey.PRICE
    ),
    field("plan_data_mb", _("Data in the plan"), Kind.COUNT, "p.data_mb", unit=_("MB"), theme=ThemeKey.PRICE),
    field(
        "is_bundle",
        _("On a bundle"),
        Kind.FLAG,
        "(p.is_bundle OR s.bundle_no <> '')",
        dimension=True,
        model=True,
        said=_("the line is part of a bundle"),
        said_negative=_("the line is not tied into a bundle"),
        theme=ThemeKey.CONTRACT,
    ),
    field(
        "city",
        _("City"),
        Kind.CHOICE,
        "split_part(b.path, '/', 2)",
        rows=CITIES,
        dimension=True,
        model=True,
        sayable=False,
    ),
    field("district", _("District"), Kind.CHOICE, "split_part(b.path, '/', 3)", rows=DISTRICTS, dimension=True),
    field("branch_code", _("Branch"), Kind.CHOICE, "b.code", rows=BRANCHES, dimension=True),
    field(
        "channel",
        _("Acquisition channel"),
        Kind.CHOICE,
        "s.channel",
        dimension=True,
        model=True,
        said=_("joined through {value}"),
        sayable=False,
        theme=ThemeKey.JOINING,
    ),
    field(
        "promotion",
        _("Joined on a promotion"),
        Kind.FLAG,
        "s.promotion_code <> ''",
        dimension=True,
        model=True,
        said=_("joined on a promotion"),
        said_negative=_("joined without a promotion"),
        sayable=False,
        theme=ThemeKey.JOINING,
    ),
    field(
        "pay_mode",
        _("Payment type"),
        Kind.CHOICE,
        "a.pay_mode",
        choices=Account.PayMode,
        dimension=True,
        model=True,
        sayable=False,
        theme=ThemeKey.PAYMENT,
    ),
    field("credit_limit", _("Credit limit"), Kind.MONEY, "a.credit_limit", unit=_("yuan"), limits=FROM_ZERO),
    field(
        "customer_kind",
        _("Customer kind"),
        Kind.CHOICE,
        "c.kind",
        choices=Customer.Kind,
        dimension=True,
        model=True,
        sayable=False,
    ),
    field(
        "customer_tier",
        _("Member tier"),
        Kind.CHOICE,
        "c.tier",
        choices=Customer.Tier,
        dimension=True,
        model=True,
        sayable=False,
    ),
    field("service_level", _("Service level"), Kind.CHOICE, "c.service_level", dimension=True),
    field("gender", _("Gender"), Kind.CHOICE, "c.gender", dimension=True),
    field(
        "age",
        _("Age"),
        Kind.COUNT,
        "date_part('year', age(%(as_of)s::date, c.birth_date))::int",
        unit=_("years"),
        dimension=True,
        model=True,
        sayable=False,
        limits=(0, 130),
    ),
    field("profiling_opt_out", _("Opted out of profiling"), Kind.FLAG, "c.profiling_opt_out", dimension=True),
    field(
        "bandwidth",
        _("Bandwidth"),
        Kind.COUNT,
        "s.bandwidth_mbps",
        unit=_("Mbps"),
        dimension=True,
        model=True,
        said=_("the line runs at {value} Mbps"),
        theme=ThemeKey.PRICE,
    ),
    field(
        "tenure_days",
        _("Tenure, days"),
        Kind.DAYS,
        "%(as_of)s::date - s.activated_on",
        unit=_("days"),
        a_day_later=1,
        measure=True,
        theme=ThemeKey.JOINING,
    ),
    field(
        "tenure_months",
        _("Tenure, months"),
        Kind.NUMBER,
        f"((%(as_of)s::date - s.activated_on) / {DAYS_A_MONTH})::real",
        unit=_("months"),
        measure=True,
        model=True,
        said=_("has been with us for {value} months"),
        said_one=_("has been with us for one month"),
        theme=ThemeKey.JOINING,
        limits=FROM_ZERO,
    ),
    field(
        "tenure_cohort",
        _("Tenure cohort"),
        Kind.CHOICE,
        cohort_sql("%(as_of)s::date - s.activated_on"),
        choices=TenureCohort,
        dimension=True,
    ),
    ProfileField(
        "customer_months",
        _("Tenure of the customer, months"),
        Kind.NUMBER,
        Area.IDENTITY,
        "line",
        f"((%(as_of)s::date - least(c.joined_on, s.activated_on)) / {DAYS_A_MONTH})::real",
        unit=_("months"),
        measure=True,
        said=_("has been a customer for {value} months"),
        said_one=_("has been a customer for one month"),
        theme=ThemeKey.JOINING,
    ),
    ProfileField(
        "lines_of_customer",
        _("Lines of the customer"),
        Kind.COUNT,
        Area.IDENTITY,
        "household",
        "q.lines",
        unit=_("lines"),
        measure=True,
        model=True,
        said=_("the customer has {value} lines with us"),
        said_one=_("the customer has one line with us"),
        theme=ThemeKey.GROUP,
    ),
    ProfileField(
        "mobile_lines_of_customer",
        _("Mobile lines of the customer"),
        Kind.COUNT,
        Area.IDENTITY,
        "household",
        "q.mobiles",
        unit=_("lines"),
        absent="0",
    ),
    ProfileField(
        "iptv_lines_of_customer",
        _("IPTV lines of the customer"),
        Kind.COUNT,
        Area.IDENTITY,
        "household",
        "q.iptvs",
        unit=_("lines"),
        absent="0",
    ),
    ProfileField(
        "household_left_180d",
        _("Lines of the customer gone in 180 days"),
        Kind.COUNT,
        Area.IDENTITY,
        "household",
        # Capped at five: more add no information, and one more line of a large company must not look like drift.
        "least(q.gone, 5)",
        unit=_("lines"),
        measure=True,
        model=True,
        absent="0",
        said=_("{value} lines of the customer have left in 180 days"),
        said_one=_("one line of the customer has left in 180 days"),
        sayable=False,
        theme=ThemeKey.GROUP,
        limits=(0, 5),
    ),
]
