"""Life-cycle events and service contacts."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.facts.models import Customer
from customers.fields.base import Area, Kind, ProfileField, Source, ThemeKey, since
from customers.fields.choices import TierMove

EVENTS = Source(
    "events",
    """
    SELECT v.subscriber_id, {columns}
    FROM customers_statusevent v
    WHERE v.subscriber_id BETWEEN %(lo)s AND %(hi)s AND v.at < %(until)s AND v.at >= %(until)s - interval '365 days'
    GROUP BY v.subscriber_id
    """,
)
TICKETS = Source(
    "tickets",
    """
    SELECT k.subscriber_id, {columns}
    FROM customers_servicecontact k
    WHERE k.subscriber_id BETWEEN %(lo)s AND %(hi)s AND k.opened_at < %(until)s
      AND k.opened_at >= %(until)s - interval '365 days'
    GROUP BY k.subscriber_id
    """,
)
CONTACTS = Source(
    "contacts",
    """
    SELECT h.subscriber_id, {columns}
    FROM customers_contactrecord h
    WHERE h.subscriber_id BETWEEN %(lo)s AND %(hi)s AND h.state = 'used' AND h.at < %(until)s
      AND h.at >= %(until)s - interval '365 days'
    GROUP BY h.subscriber_id
    """,
)


def of_kind(kind: str, days: int, alias: str = "v", at: str = "at") -> str:
    return (
        f"(count(*) FILTER (WHERE {alias}.kind = '{kind}' AND {alias}.{at} >= %(until)s - interval '{days} days'))::int"
    )


# Tiers from the lowest to the highest, as SQL.
_TIERS = f"ARRAY[{', '.join(repr(str(tier)) for tier in Customer.Tier.values)}]"
_WAS, _IS = (f"array_position({_TIERS}, v.detail ->> '{word}')" for word in ("from", "to"))
TIER_MOVE_SQL = f"CASE WHEN {_IS} > {_WAS} THEN '{TierMove.UP}' WHEN {_IS} < {_WAS} THEN '{TierMove.DOWN}' END"


def field(key: str, label: object, kind: Kind, area: Area, source: str, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, area, source, sql, **({"theme": ThemeKey.SERVICE} | more))


SOURCES = [EVENTS, TICKETS, CONTACTS]
FIELDS = [
    field("stopped_now", _("Stopped by the last event"), Kind.FLAG, Area.EVENTS, "events",
          "(array_agg(v.kind ORDER BY v.at DESC) FILTER (WHERE v.kind IN ('stop', 'restore')))[1] = 'stop'", model=True,
          said=_("the line is stopped"), said_negative=_("the line is in service"), absent="false", theme=ThemeKey.PAYMENT),
    field("stops_180d", _("Stops in 180 days"), Kind.COUNT, Area.EVENTS, "events", of_kind("stop", 180), measure=True,
          model=True, said=_("was stopped {value} times in 180 days"),
          said_one=_("was stopped once in 180 days"), absent="0", theme=ThemeKey.PAYMENT),
    field("days_since_stop", _("Days since the last stop"), Kind.DAYS, Area.EVENTS, "events",
          since("max(v.at) FILTER (WHERE v.kind = 'stop')"), unit=_("days"), a_day_later=1, theme=ThemeKey.PAYMENT),
    field("plan_changes_180d", _("Plan changes in 180 days"), Kind.COUNT, Area.EVENTS, "events",
          of_kind("plan_change", 180), measure=True, model=True, said=_("changed plan {value} times in 180 days"),
          said_one=_("changed plan once in 180 days"), absent="0", theme=ThemeKey.PRICE),
    field("days_since_plan_change", _("Days since the plan changed"), Kind.DAYS, Area.EVENTS, "events",
          since("max(v.at) FILTER (WHERE v.kind = 'plan_change')"), unit=_("days"), a_day_later=1, theme=ThemeKey.PRICE,
          said=_("changed plan {value} days ago"), said_one=_("changed plan one day ago")),
    field("tier_move", _("Last change of the member tier"), Kind.CHOICE, Area.EVENTS, "events",
          f"(array_agg({TIER_MOVE_SQL} ORDER BY v.at DESC, v.id DESC) FILTER (WHERE v.kind = 'tier_change'))[1]",
          choices=TierMove, dimension=True, sayable=False, theme=ThemeKey.PROFILE),
    field("days_since_tier_change", _("Days since the member tier changed"), Kind.DAYS, Area.EVENTS, "events",
          since("max(v.at) FILTER (WHERE v.kind = 'tier_change')"), unit=_("days"), a_day_later=1, theme=ThemeKey.PROFILE,
          said=_("the member tier changed {value} days ago"), said_one=_("the member tier changed one day ago")),
    field("roaming_starts_365d", _("Roaming trips in 365 days"), Kind.COUNT, Area.EVENTS, "events",
          "(count(*) FILTER (WHERE v.kind = 'roaming_start'))::int", unit=_("trips"), measure=True, absent="0",
          said=_("began to roam {value} times in a year"), said_one=_("began to roam once in a year"), theme=ThemeKey.USAGE),
    field("days_since_roaming_start", _("Days since roaming began"), Kind.DAYS, Area.EVENTS, "events",
          since("max(v.at) FILTER (WHERE v.kind = 'roaming_start')"), unit=_("days"), a_day_later=1, theme=ThemeKey.USAGE,
          said=_("began to roam {value} days ago"), said_one=_("began to roam one day ago")),
    field("port_inquiries_60d", _("Port-out inquiries in 60 days"), Kind.COUNT, Area.EVENTS, "events",
          of_kind("port_out_inquiry", 60), measure=True, model=True,
          said=_("asked {value} times about porting the number out"),
          said_one=_("asked once about porting the number out"), sayable=False, absent="0", theme=ThemeKey.RIVAL),
    field("days_since_port_inquiry", _("Days since a port-out inquiry"), Kind.DAYS, Area.EVENTS, "events",
          since("max(v.at) FILTER (WHERE v.kind = 'port_out_inquiry')"), unit=_("days"), a_day_later=1, theme=ThemeKey.RIVAL),
    field("termination_requests_60d", _("Termination requests in 60 days"), Kind.COUNT, Area.EVENTS, "events",
          of_kind("termination_request", 60), model=True, said=_("asked to terminate the line"), absent="0", theme=ThemeKey.RIVAL),
    field("forward_set_60d", _("Forwarding set in 60 days"), Kind.COUNT, Area.EVENTS, "events", of_kind("forward_set", 60),
          model=True, said=_("set call forwarding {value} times in 60 days"),
          said_one=_("set call forwarding once in 60 days"), absent="0", theme=ThemeKey.RIVAL),
    field("complaints_90d", _("Complaints in 90 days"), Kind.COUNT, Area.SERVICE, "tickets",
          of_kind("complaint", 90, "k", "opened_at"), measure=True, model=True, said=_("complained {value} times in 90 days"),
          said_one=_("complained once in 90 days"), absent="0"),
    field("faults_90d", _("Faults in 90 days"), Kind.COUNT, Area.SERVICE, "tickets", of_kind("fault", 90, "k", "opened_at"),
          measure=True, model=True, said=_("reported {value} faults in 90 days"),
          said_one=_("reported one fault in 90 days"), absent="0", theme=ThemeKey.NETWORK),
    field("inquiries_90d", _("Inquiries in 90 days"), Kind.COUNT, Area.SERVICE, "tickets",
          of_kind("inquiry", 90, "k", "opened_at"), measure=True, model=True, said=_("inquired {value} times in 90 days"),
          said_one=_("inquired once in 90 days"), absent="0"),
    field("days_since_complaint", _("Days since the last complaint"), Kind.DAYS, Area.SERVICE, "tickets",
          since("max(k.opened_at) FILTER (WHERE k.kind = 'complaint')"), unit=_("days"), a_day_later=1),
    field("days_since_fault", _("Days since the last fault report"), Kind.DAYS, Area.SERVICE, "tickets",
          since("max(k.opened_at) FILTER (WHERE k.kind = 'fault')"), unit=_("days"), a_day_later=1, theme=ThemeKey.NETWORK,
          said=_("reported a fault {value} days ago"), said_one=_("reported a fault one day ago")),
    field("days_ticket_open", _("Days the oldest open ticket is open"), Kind.DAYS, Area.SERVICE, "tickets",
          since("min(k.opened_at) FILTER (WHERE k.closed_at IS NULL OR k.closed_at >= %(until)s)"), unit=_("days"),
          a_day_later=1, measure=True, said=_("a ticket is open for {value} days"),
          said_one=_("a ticket is open for one day")),
    field("tickets_open", _("Open tickets"), Kind.COUNT, Area.SERVICE, "tickets",
          "(count(*) FILTER (WHERE k.closed_at IS NULL OR k.closed_at >= %(until)s))::int", measure=True, model=True,
          said=_("has {value} tickets still open"),
          said_one=_("has one ticket still open"), absent="0"),
    field("worst_severity_90d", _("Worst severity in 90 days"), Kind.COUNT, Area.SERVICE, "tickets",
          "(max(k.severity) FILTER (WHERE k.opened_at >= %(until)s - interval '90 days'))::int", model=True, sayable=False),
    field("satisfaction", _("Last satisfaction answer"), Kind.COUNT, Area.SERVICE, "tickets",
          "((array_agg(k.satisfaction ORDER BY k.opened_at DESC) FILTER (WHERE k.satisfaction IS NOT NULL"
          " AND (k.closed_at IS NULL OR k.closed_at < %(until)s)))[1])::int",
          measure=True, model=True, said=_("gave {value} of 10 for our service"), limits=(0, 10)),
    field("contacts_90d", _("Our contacts in 90 days"), Kind.COUNT, Area.SERVICE, "contacts",
          "(count(*) FILTER (WHERE h.at >= %(until)s - interval '90 days'))::int", measure=True, absent="0"),
    field("days_since_contact", _("Days since our last contact"), Kind.DAYS, Area.SERVICE, "contacts", since("max(h.at)"),
          unit=_("days"), a_day_later=1),
]  # fmt: skip
