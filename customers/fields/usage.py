"""Usage against the line's own baseline.

"Recent" is the last 30 days where days have arrived, else the last complete month, always scaled to 30 days; "base" is
the mean of the three complete months before it. Month-end snapshots and live nights are therefore comparable.
"""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models import LineType
from customers.fields.base import CHANGE, FROM_ZERO, SHARE_OF_ALL, Area, Feed, Kind, ProfileField, Source, ThemeKey
from customers.fields.choices import ServiceFit

RECENT = Source(
    "usage_recent",
    """
    SELECT u.subscriber_id, {columns}
    FROM customers_usageday u
    WHERE u.subscriber_id BETWEEN %(lo)s AND %(hi)s AND u.day BETWEEN %(recent_from)s AND %(as_of)s
    GROUP BY u.subscriber_id
    """,
)
RECENT_FROM_MONTH = Source(
    "usage_recent",
    """
    SELECT u.subscriber_id, {columns}
    FROM customers_usagemonth u
    WHERE u.subscriber_id BETWEEN %(lo)s AND %(hi)s AND u.month = %(recent_month)s
    GROUP BY u.subscriber_id
    """,
)
BASE = Source(
    "usage_base",
    """
    SELECT u.subscriber_id, {columns}
    FROM customers_usagemonth u
    WHERE u.subscriber_id BETWEEN %(lo)s AND %(hi)s AND u.month BETWEEN %(half_from)s AND %(recent_month)s
    GROUP BY u.subscriber_id
    """,
)
DAYS = Source(
    "usage_days",
    """
    SELECT u.subscriber_id, {columns}
    FROM customers_usageday u
    WHERE u.subscriber_id BETWEEN %(lo)s AND %(hi)s AND u.day BETWEEN %(recent_from)s AND %(as_of)s
    GROUP BY u.subscriber_id
    """,
    feeds=(Feed.USAGE_DAYS,),
)

SOURCES = [RECENT, BASE, DAYS]
# From what use on a service is proposed: days roaming of 30, data used of what the plan includes.
ROAMING_DAYS_OF_A_PACK, DATA_SHARE_OF_A_PACK = 4, 1.2
MEASURES = [
    ("voice_out", _("Minutes out"), "voice_out_s / 60::float8", _("minutes"),
     _("calls out rose {value}% against the three months before"), _("calls out fell {value}% against the three months before")),
    ("voice_in", _("Minutes in"), "voice_in_s / 60::float8", _("minutes"),
     _("calls in rose {value}% against the three months before"), _("calls in fell {value}% against the three months before")),
    ("calls_out", _("Calls out"), "calls_out", _("calls"),
     _("number of calls out rose {value}%"), _("number of calls out fell {value}%")),
    ("calls_in", _("Calls in"), "calls_in", _("calls"),
     _("number of calls in rose {value}%"), _("number of calls in fell {value}%")),
    ("data", _("Data use"), "data_mb", _("MB"),
     _("data use rose {value}% against the three months before"), _("data use fell {value}% against the three months before")),
    ("sms", _("Messages sent"), "sms_out", pgettext_lazy("unit", "messages"),
     _("messages sent rose {value}%"), _("messages sent fell {value}%")),
]  # fmt: skip


def field(key: str, label: object, kind: Kind, source: str, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.USAGE, source, sql, **({"theme": ThemeKey.USAGE} | more))


def recent(column: str) -> str:
    return f"(sum(u.{column}) * %(recent_scale)s)::real"


def base(column: str) -> str:
    return f"(avg(u.{column}) FILTER (WHERE u.month BETWEEN %(base_from)s AND %(base_to)s))::real"


def month_over_month(column: str) -> str:
    """SQL of the last complete month against the one before, cut off at ten times; NULL without use in that one."""
    last = f"coalesce(sum(u.{column}) FILTER (WHERE u.month = %(recent_month)s), 0)"
    before = f"sum(u.{column}) FILTER (WHERE u.month = %(recent_month)s::date - interval '1 month')"
    return f"(CASE WHEN {before} > 0 THEN greatest(-1, least(9.99, {last} / {before}::float8 - 1)) END)::real"


HALF = "FILTER (WHERE u.month <= %(base_to)s)"


def with_habit(key: str, label: object, column: str, unit: object, rose: object, fell: object) -> list[ProfileField]:
    """Recent level, own baseline and the change between them, for one measure."""
    return [
        field(f"{key}_recent", format_lazy(_("{what}, last 30 days"), what=label), Kind.NUMBER, "usage_recent", recent(column),
              unit=unit, measure=True, model=True, sayable=False, limits=FROM_ZERO, baseline=f"{key}_base"),
        field(f"{key}_base", format_lazy(_("{what}, own baseline"), what=label), Kind.NUMBER, "usage_base", base(column),
              unit=unit, measure=True, model=key in {"voice_out", "data"}, sayable=False, limits=FROM_ZERO),
        field(f"{key}_change", format_lazy(_("{what}, change"), what=label), Kind.SHARE, "derived",
              f"CASE WHEN {key}_base > 0 THEN greatest(-1, least(9.99, coalesce({key}_recent, 0) / {key}_base - 1)) END",
              measure=True, model=True, said=rose, said_negative=fell, limits=CHANGE),
    ]  # fmt: skip


# A harmless dip affects one measure; a customer about to leave uses all of them less. The mean of the changes has less
# noise than each alone (out of time .820 -> .827 AUC on the simulated operator, together with the half-year change).
TOGETHER = [f"{key}_change" for key, *_rest in MEASURES]
LONG = [f"CASE WHEN {key}_half > 0 THEN least(3, coalesce({key}_recent, 0) / {key}_half - 1) END"
        for key in ("voice_out", "data")]  # fmt: skip


def mean_of(known: list[str], highest: int) -> str:
    """The mean of what is known of these SQL expressions, each cut off at `highest`."""
    parts = " + ".join(f"coalesce(CASE WHEN ({one}) > {highest} THEN {highest} ELSE ({one}) END, 0)" for one in known)
    return f"(({parts}) / nullif(num_nonnulls({', '.join(known)}), 0))::real"


FIELDS = [
    *(one for measure in MEASURES for one in with_habit(*measure)),
    # People called on several days would be counted several times: whole months are compared, never days.
    field("contacts_recent", _("Distinct contacts, last month"), Kind.NUMBER, "usage_base",
          "(sum(u.distinct_contacts) FILTER (WHERE u.month = %(recent_month)s))::real", unit=_("people"), measure=True,
          model=True, sayable=False, limits=FROM_ZERO, baseline="contacts_base"),
    field("contacts_base", _("Distinct contacts, own baseline"), Kind.NUMBER, "usage_base", base("distinct_contacts"),
          unit=_("people"), measure=True, limits=FROM_ZERO),
    field("contacts_change", _("Distinct contacts, change"), Kind.SHARE, "derived",
          "CASE WHEN contacts_base > 0 THEN greatest(-1, least(9.99, coalesce(contacts_recent, 0) / contacts_base - 1)) END",
          measure=True, model=True, said=_("circle of people called grew {value}%"),
          said_negative=_("circle of people called shrank {value}%"), limits=CHANGE),
    field("voice_out_half", _("Minutes out, six-month mean"), Kind.NUMBER, "usage_base",
          f"(avg(u.voice_out_s) {HALF} / 60::float8)::real", unit=_("minutes"), measure=True, limits=FROM_ZERO),
    field("data_half", _("Data use, six-month mean"), Kind.NUMBER, "usage_base", f"(avg(u.data_mb) {HALF})::real", unit=_("MB"),
          measure=True, limits=FROM_ZERO),
    field("use_change", _("Total usage, change"), Kind.SHARE, "derived", mean_of(TOGETHER, 2), measure=True, model=True,
          said=_("uses the line {value}% more than in the three months before"),
          said_negative=_("uses the line {value}% less than in the three months before"), limits=CHANGE),
    field("use_half_change", _("Use against six months, change"), Kind.SHARE, "derived", mean_of(LONG, 3), measure=True,
          model=True, said=_("calls and data are {value}% above the last half year"),
          said_negative=_("calls and data are {value}% below the last half year"), limits=CHANGE),
    field("voice_variation", _("Variation of minutes out"), Kind.SHARE, "usage_base",
          f"(stddev_pop(u.voice_out_s) {HALF} / nullif(avg(u.voice_out_s) {HALF}, 0))::real", model=True,
          said=_("minutes vary by {value}% from month to month"), sayable=False, limits=FROM_ZERO),
    field("voice_mom", _("Minutes out, month over month"), Kind.SHARE, "usage_base", month_over_month("voice_out_s"), measure=True,
          said=_("calls out rose {value}% against the month before"),
          said_negative=_("calls out fell {value}% against the month before"), limits=CHANGE),
    field("data_mom", _("Data use, month over month"), Kind.SHARE, "usage_base", month_over_month("data_mb"), measure=True,
          said=_("data use rose {value}% against the month before"),
          said_negative=_("data use fell {value}% against the month before"), limits=CHANGE),
    field("roaming_recent", _("Roaming, last 30 days"), Kind.NUMBER, "usage_recent", recent("roaming_s / 60::float8"),
          unit=_("minutes"), model=True, sayable=False, limits=FROM_ZERO),
    field("forwarded_rival_recent", _("Calls forwarded to a competitor, last 30 days"), Kind.NUMBER, "usage_recent",
          recent("forwarded_rival"), unit=_("calls"), measure=True, model=True,
          said=_("forwarded {value} calls to another network in 30 days"),
          said_one=_("forwarded one call to another network in 30 days"), theme=ThemeKey.RIVAL, limits=FROM_ZERO, baseline="forwarded_rival_base"),
    field("forwarded_rival_base", _("Calls forwarded to a competitor, own baseline"), Kind.NUMBER, "usage_base",
          base("forwarded_rival"), unit=_("calls"), model=True, sayable=False, theme=ThemeKey.RIVAL, limits=FROM_ZERO),
    field("rival_hotline_recent", _("Calls to competitor hotlines, last 30 days"), Kind.NUMBER, "usage_recent",
          recent("rival_hotline_calls"), unit=_("calls"), measure=True, model=True,
          said=_("called another operator's hotline {value} times in 30 days"),
          said_one=_("called another operator's hotline once in 30 days"), sayable=False, theme=ThemeKey.RIVAL, limits=FROM_ZERO),
    field("dropped_recent", _("Dropped calls, last 30 days"), Kind.NUMBER, "usage_recent", recent("dropped_calls"),
          unit=_("calls"), measure=True, model=True, said=_("had {value} dropped calls in 30 days"),
          said_one=_("had one dropped call in 30 days"), theme=ThemeKey.NETWORK, limits=FROM_ZERO),
    field("dropped_rate", _("Share of dropped calls"), Kind.SHARE, "derived",
          "dropped_recent / nullif(calls_out_recent + calls_in_recent, 0)", model=True,
          said=_("{value}% of calls were dropped"), theme=ThemeKey.NETWORK, limits=SHARE_OF_ALL),
    field("in_share", _("Incoming share of calls"), Kind.SHARE, "derived",
          "calls_in_recent / nullif(calls_out_recent + calls_in_recent, 0)", measure=True, model=True,
          said=_("{value}% of calls are incoming: maybe a second SIM"), sayable=False, theme=ThemeKey.RIVAL, limits=SHARE_OF_ALL),
    # For rules and the second-SIM list; a model gains nothing from it beside `in_share` (measured).
    field("in_share_change", _("Incoming share of calls, change"), Kind.SHARE, "derived",
          "in_share - calls_in_base / nullif(calls_in_base + calls_out_base, 0)", measure=True, sayable=False,
          said=_("incoming calls make up {value} points more of all calls than before"), theme=ThemeKey.RIVAL,
          said_negative=_("incoming calls make up {value} points less of all calls than before"), limits=(-1, 1)),
    field("data_used_share", _("Data used of what the plan includes"), Kind.SHARE, "derived",
          "data_recent / nullif(plan_data_mb, 0)", measure=True, model=True,
          said=_("uses {value}% of the data the plan includes"), theme=ThemeKey.PRICE, limits=FROM_ZERO),
    field("data_base_share", _("Data used of what the plan includes, own baseline"), Kind.SHARE, "derived",
          "data_base / nullif(plan_data_mb, 0)", measure=True, sayable=False, theme=ThemeKey.PRICE, limits=FROM_ZERO),
    field("voice_used_share", _("Minutes used of what the plan includes"), Kind.SHARE, "derived",
          "voice_out_recent / nullif(plan_minutes, 0)", measure=True, model=True,
          said=_("uses {value}% of the minutes the plan includes"), theme=ThemeKey.PRICE, limits=FROM_ZERO),
    field("silent", _("No use at all in 30 days"), Kind.FLAG, "derived",
          "coalesce(calls_out_recent, 0) + coalesce(calls_in_recent, 0) + coalesce(sms_recent, 0)"
          " + coalesce(data_recent, 0) = 0", dimension=True, model=True,
          said=_("has not used the line in 30 days"), said_negative=_("uses the line")),
    field("last_call_on", _("Last call"), Kind.DATE, "usage_days", "max(u.day) FILTER (WHERE u.calls_out + u.calls_in > 0)"),
    field("zero_call_days", _("Days in a row without a call"), Kind.DAYS, "derived",
          "CASE WHEN %(days_arrived)s > 0 THEN least(%(days_arrived)s,"
          " coalesce(%(as_of)s::date - last_call_on, %(days_arrived)s), tenure_days) END", unit=_("days")),
    field("calls_7d", _("Calls in 7 days"), Kind.COUNT, "usage_days",
          "(sum(u.calls_out + u.calls_in) FILTER (WHERE u.day > %(as_of)s::date - 7))::int", unit=_("calls"), measure=True),
    field("data_7d", _("Data in 7 days"), Kind.NUMBER, "usage_days",
          "(sum(u.data_mb) FILTER (WHERE u.day > %(as_of)s::date - 7))::real", unit=_("MB"), measure=True, limits=FROM_ZERO),
    field("roaming_days", _("Days roaming, last 30 days"), Kind.COUNT, "usage_days",
          "(count(*) FILTER (WHERE u.roaming_s > 0))::int", unit=_("days"), measure=True, limits=(0, 30),
          said=_("roamed on {value} of the last 30 days"), said_one=_("roamed on one of the last 30 days")),
    field("days_since_roaming", _("Days since the last roaming use"), Kind.DAYS, "usage_days",
          "%(as_of)s::date - max(u.day) FILTER (WHERE u.roaming_s > 0)", unit=_("days"), a_day_later=1,
          said=_("roamed {value} days ago"), said_one=_("roamed one day ago")),
    field("active_days", _("Days with use, last 30 days"), Kind.COUNT, "usage_days",
          "(count(*) FILTER (WHERE u.calls_out + u.calls_in + u.sms_out > 0 OR u.data_mb > 0))::int", unit=_("days"),
          measure=True, limits=(0, 30)),
    # After the use it reads. Categories of the operator's products (`Product.category`).
    ProfileField("service_fit", _("Service that fits its use"), Kind.CHOICE, Area.CONTRACT, "derived",
                 f"CASE WHEN roaming_days >= {ROAMING_DAYS_OF_A_PACK} AND NOT has_roaming_service THEN '{ServiceFit.ROAMING}'"
                 f" WHEN line_type = '{LineType.MOBILE}' AND data_used_share >= {DATA_SHARE_OF_A_PACK} AND NOT has_data_service"
                 f" THEN '{ServiceFit.DATA}' END", choices=ServiceFit, dimension=True, sayable=False),
]  # fmt: skip
