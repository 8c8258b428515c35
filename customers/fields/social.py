"""Terminals, ties and groups, lists."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.facts.models import CustomerGroup, Terminal
from customers.fields.base import FROM_ZERO, SHARE_OF_ALL, Area, Kind, ProfileField, Source, ThemeKey
from customers.fields.cohorts import DAYS_A_MONTH

TERMINALS = Source(
    "terminals",
    """
    SELECT n.subscriber_id, {columns}
    FROM customers_terminal n
    WHERE n.subscriber_id BETWEEN %(lo)s AND %(hi)s AND n.first_seen_on <= %(as_of)s
    GROUP BY n.subscriber_id
    """,
)
TIES = Source(
    "ties",
    """
    SELECT i.subscriber_id, {columns}
    FROM customers_tie i
    WHERE i.subscriber_id BETWEEN %(lo)s AND %(hi)s AND i.month = %(tie_month)s
    GROUP BY i.subscriber_id
    """,
)
GROUPS = Source(
    "groups",
    """
    SELECT s.id AS subscriber_id, {columns}
    FROM customers_subscriber s
    JOIN customers_customergroup g ON g.id = s.group_id
    JOIN (
        SELECT q.group_id,
               (count(*) FILTER (WHERE q.terminated_on IS NULL OR q.terminated_on > %(as_of)s))::int AS members,
               avg((q.terminated_on IS NOT NULL AND q.terminated_on <= %(as_of)s)::int)::real AS left_share
        FROM customers_subscriber q
        WHERE q.group_id IS NOT NULL AND q.activated_on <= %(as_of)s
          AND (q.terminated_on IS NULL OR q.terminated_on > %(as_of)s::date - 90)
        GROUP BY q.group_id
    ) z ON z.group_id = s.group_id
    LEFT JOIN (
        SELECT q.group_id, count(*)::int AS members
        FROM customers_subscriber q
        JOIN customers_usagemonth u ON u.subscriber_id = q.id AND u.month = %(recent_month)s AND u.forwarded_rival > 0
        WHERE q.group_id IS NOT NULL AND (q.terminated_on IS NULL OR q.terminated_on > %(as_of)s)
        GROUP BY q.group_id
    ) w ON w.group_id = s.group_id
    WHERE s.id BETWEEN %(lo)s AND %(hi)s
    """,
)
LISTS = Source(
    "lists",
    """
    SELECT s.id AS subscriber_id, {columns}
    FROM customers_listentry x
    JOIN customers_account a ON a.customer_id = x.customer_id
    JOIN customers_subscriber s ON s.account_id = a.id
    WHERE s.id BETWEEN %(lo)s AND %(hi)s AND x.starts_on <= %(as_of)s AND (x.ends_on IS NULL OR x.ends_on >= %(as_of)s)
    GROUP BY s.id
    """,
)


def listed(kind: str) -> str:
    return f"bool_or(x.kind = '{kind}')"


def field(key: str, label: object, kind: Kind, area: Area, source: str, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, area, source, sql, **({"theme": ThemeKey.GROUP} | more))


SOURCES = [TERMINALS, TIES, GROUPS, LISTS]
FIELDS = [
    field("terminal_months", _("Months with the terminal"), Kind.NUMBER, Area.TERMINAL, "terminals",
          f"((%(as_of)s::date - max(n.first_seen_on)) / {DAYS_A_MONTH})::real", unit=_("months"), measure=True, model=True,
          said=_("has used the same phone for {value} months"),
          said_one=_("has used the same phone for one month"), theme=ThemeKey.HANDSET, limits=FROM_ZERO),
    field("terminal_generation", _("Network generation"), Kind.CHOICE, Area.TERMINAL, "terminals",
          "(array_agg(n.generation ORDER BY n.first_seen_on DESC))[1]", choices=Terminal.Generation, dimension=True,
          model=True, said=_("uses a {value} phone"), theme=ThemeKey.HANDSET),
    field("terminal_brand", _("Terminal brand"), Kind.CHOICE, Area.TERMINAL, "terminals",
          "(array_agg(n.brand ORDER BY n.first_seen_on DESC))[1]", dimension=True, theme=ThemeKey.HANDSET),
    field("terminals_365d", _("Terminals in 365 days"), Kind.COUNT, Area.TERMINAL, "terminals",
          "(count(*) FILTER (WHERE n.first_seen_on > %(as_of)s::date - 365))::int", model=True, sayable=False, absent="0", theme=ThemeKey.HANDSET),
    field("circle_size", _("Strong contacts"), Kind.COUNT, Area.SOCIAL, "ties", "count(*)::int", unit=_("people"),
          measure=True),
    field("circle_rival_share", _("Strong contacts on other networks"), Kind.SHARE, Area.SOCIAL, "ties",
          "avg((i.network = 'rival')::int)::real", measure=True, said=_("{value}% of close contacts use another network"), limits=SHARE_OF_ALL),
    field("group_kind", _("Group"), Kind.CHOICE, Area.SOCIAL, "groups", "g.kind",
          choices=CustomerGroup.Kind, dimension=True, model=True, sayable=False),
    field("group_size", _("Members of the group"), Kind.COUNT, Area.SOCIAL, "groups", "z.members", unit=_("lines"),
          measure=True, model=True, said=_("is one of {value} members of a group"),
          said_one=_("is the only member of a group")),
    field("group_left_90d", _("Share of the group gone in 90 days"), Kind.SHARE, Area.SOCIAL, "groups", "z.left_share",
          measure=True, model=True, said=_("{value}% of the group has left in 90 days"), sayable=False, limits=SHARE_OF_ALL),
    # For rules and the pages of groups; a model gains nothing from it beside `group_left_90d` (measured).
    field("group_forward_share", _("Share of the group that forwards to a competitor"), Kind.SHARE, Area.SOCIAL, "groups",
          "(coalesce(w.members, 0) / nullif(z.members, 0)::float8)::real", measure=True,
          said=_("{value}% of the group forwards calls to another network"), sayable=False, limits=SHARE_OF_ALL),
    field("on_blacklist", _("On the blacklist"), Kind.FLAG, Area.LISTS, "lists", listed("blacklist"), absent="false"),
    field("do_not_disturb", _("Do not disturb"), Kind.FLAG, Area.LISTS, "lists", listed("do_not_disturb"), absent="false"),
    field("false_user", _("False user"), Kind.FLAG, Area.LISTS, "lists", listed("false_user"), absent="false"),
    field("on_red_list", _("On the red list"), Kind.FLAG, Area.LISTS, "lists", listed("red_list"), absent="false"),
]  # fmt: skip
