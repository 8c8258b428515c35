"""Contracts and value-added services."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.fields.base import FROM_ZERO, Area, Kind, ProfileField, Source, ThemeKey
from customers.fields.coded_rows import POLICIES

CONTRACTS = Source(
    "contracts",
    """
    SELECT k.subscriber_id, {columns}
    FROM customers_contract k JOIN customers_policy y ON y.id = k.policy_id
    WHERE k.subscriber_id BETWEEN %(lo)s AND %(hi)s AND k.starts_on <= %(as_of)s
    GROUP BY k.subscriber_id
    """,
)
PRODUCTS = Source(
    "products",
    """
    SELECT v.subscriber_id, {columns}
    FROM customers_productsubscription v JOIN customers_product w ON w.id = v.product_id
    WHERE v.subscriber_id BETWEEN %(lo)s AND %(hi)s AND v.starts_on <= %(as_of)s
    GROUP BY v.subscriber_id
    """,
)
RUNNING = "k.ends_on > %(as_of)s AND (k.ended_on IS NULL OR k.ended_on > %(as_of)s)"
ON = "v.ends_on IS NULL OR v.ends_on > %(as_of)s"


def running_category(category: str) -> str:
    return f"coalesce(bool_or(w.category = '{category}') FILTER (WHERE {ON}), false)"


def field(key: str, label: object, kind: Kind, source: str, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.CONTRACT, source, sql, **({"theme": ThemeKey.CONTRACT} | more))


SOURCES = [CONTRACTS, PRODUCTS]
FIELDS = [
    field("contract_ends_on", _("Contract ends"), Kind.DATE, "contracts", f"max(k.ends_on) FILTER (WHERE {RUNNING})"),
    field(
        "contract_months",
        _("Contract length"),
        Kind.COUNT,
        "contracts",
        f"(max(y.months) FILTER (WHERE {RUNNING}))::int",
        unit=_("months"),
        model=True,
        said=_("has a contract of {value} months"),
        said_one=_("has a contract of one month"),
    ),
    field(
        "contract_policy",
        _("Contract policy"),
        Kind.CHOICE,
        "contracts",
        f"(array_agg(y.code ORDER BY k.ends_on DESC) FILTER (WHERE {RUNNING}))[1]",
        rows=POLICIES,
        dimension=True,
    ),
    field(
        "last_contract_end",
        _("Last contract ended"),
        Kind.DATE,
        "contracts",
        "max(least(k.ends_on, coalesce(k.ended_on, k.ends_on)))"
        " FILTER (WHERE least(k.ends_on, coalesce(k.ended_on, k.ends_on)) <= %(as_of)s)",
    ),
    field(
        "contract_days_left",
        _("Days to contract end"),
        Kind.DAYS,
        "derived",
        "contract_ends_on - %(as_of)s::date",
        unit=_("days"),
        measure=True,
        model=True,
        said=_("the contract ends in {value} days"),
        said_one=_("the contract ends in one day"),
        a_day_later=-1,
    ),
    field(
        "days_since_contract",
        _("Days since last contract ended"),
        Kind.DAYS,
        "derived",
        "CASE WHEN contract_ends_on IS NULL THEN %(as_of)s::date - last_contract_end END",
        unit=_("days"),
        model=True,
        said=_("the last contract ended {value} days ago"),
        said_one=_("the last contract ended one day ago"),
        a_day_later=1,
    ),
    field(
        "in_contract",
        _("In contract"),
        Kind.FLAG,
        "derived",
        "contract_ends_on IS NOT NULL",
        dimension=True,
        model=True,
        said=_("is bound by a contract"),
        said_negative=_("is not bound by a contract"),
    ),
    field(
        "contracts_renewed",
        _("Contracts renewed"),
        Kind.COUNT,
        "contracts",
        "(count(*) - 1)::int",
        measure=True,
        said=_("has renewed {value} times"),
        said_one=_("has renewed once"),
        absent="0",
    ),
    field(
        "vas_count",
        _("Value-added services"),
        Kind.COUNT,
        "products",
        f"(count(*) FILTER (WHERE {ON}))::int",
        measure=True,
        model=True,
        said=_("has {value} value-added services"),
        said_one=_("has one value-added service"),
        absent="0",
        theme=ThemeKey.USAGE,
    ),
    field(
        "vas_fee",
        _("Value-added services fee"),
        Kind.MONEY,
        "products",
        f"sum(w.monthly_fee) FILTER (WHERE {ON})",
        unit=_("yuan"),
        measure=True,
        absent="0",
        theme=ThemeKey.USAGE,
        limits=FROM_ZERO,
    ),
    field(
        "vas_ordered_90d",
        _("Services ordered in 90 days"),
        Kind.COUNT,
        "products",
        "(count(*) FILTER (WHERE v.starts_on > %(as_of)s::date - 90))::int",
        measure=True,
        said=_("ordered {value} value-added services in the last 90 days"),
        said_one=_("ordered one value-added service in the last 90 days"),
        absent="0",
        theme=ThemeKey.USAGE,
    ),
    field(
        "days_since_vas_order",
        _("Days since the last service was ordered"),
        Kind.DAYS,
        "products",
        "%(as_of)s::date - max(v.starts_on)",
        unit=_("days"),
        a_day_later=1,
        theme=ThemeKey.USAGE,
    ),
    field(
        "has_data_service",
        _("Has a data pack"),
        Kind.FLAG,
        "products",
        running_category("data"),
        absent="false",
        dimension=True,
        theme=ThemeKey.USAGE,
    ),
    field(
        "has_roaming_service",
        _("Has a roaming pack"),
        Kind.FLAG,
        "products",
        running_category("roaming"),
        absent="false",
        dimension=True,
        theme=ThemeKey.USAGE,
    ),
    field(
        "vas_cancelled_90d",
        _("Services cancelled in 90 days"),
        Kind.COUNT,
        "products",
        "(count(*) FILTER (WHERE v.ends_on BETWEEN %(as_of)s::date - 90 AND %(as_of)s))::int",
        model=True,
        said=_("cancelled {value} value-added services in the last 90 days"),
        said_one=_("cancelled one value-added service in the last 90 days"),
        absent="0",
        theme=ThemeKey.USAGE,
    ),
]
