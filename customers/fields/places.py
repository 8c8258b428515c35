"""Influences on all lines of a place: network problems, contacts with competitors."""

from django.utils.translation import gettext_lazy as _

from customers.fields.base import SHARE_OF_ALL, Area, Kind, ProfileField, Source, ThemeKey

# `place_month` is measured once a build: customers.profile.queries.places.
PLACE = Source(
    "place",
    """
    SELECT s.id AS subscriber_id, {columns}
    FROM customers_subscriber s JOIN place_month z ON z.branch_id = s.branch_id
    WHERE s.id BETWEEN %(lo)s AND %(hi)s
    """,
)
# The last complete month: calls dropped in each branch's district, lines of its city that contacted a competitor.
# Parameters: those of Windows, and calls, lines: the weight of the operator's mean beside a place's own rate.
PLACE_RATES_SQL = """
    used AS MATERIALIZED (
        SELECT s.branch_id, count(*) AS lines, sum(u.calls_out + u.calls_in) AS calls, sum(u.dropped_calls) AS dropped,
               count(*) FILTER (WHERE u.rival_hotline_calls > 0) AS asking
        FROM customers_usagemonth u JOIN customers_subscriber s ON s.id = u.subscriber_id
        WHERE u.month = %(recent_month)s AND s.activated_on <= %(as_of)s
        GROUP BY s.branch_id
    ),
    whole AS (
        SELECT sum(dropped) / nullif(sum(calls), 0)::float8 AS dropped,
               sum(asking) / nullif(sum(lines), 0)::float8 AS asking
        FROM used
    ),
    above AS (
        SELECT a.path, a.level, (sum(q.dropped) + %(calls)s * max(w.dropped)) / (sum(q.calls) + %(calls)s) AS dropped,
               (sum(q.asking) + %(lines)s * max(w.asking)) / (sum(q.lines) + %(lines)s) AS asking
        FROM core_branch a JOIN core_branch b ON starts_with(b.path, a.path) JOIN used q ON q.branch_id = b.id, whole w
        WHERE a.level IN ('district', 'city')
        GROUP BY a.path, a.level
    )
    SELECT b.id AS branch_id, max(a.dropped) FILTER (WHERE a.level = 'district')::real AS dropped_rate,
           max(a.asking) FILTER (WHERE a.level = 'city')::real AS rival_share
    FROM core_branch b JOIN above a ON starts_with(b.path, a.path)
    GROUP BY b.id
"""
SOURCES = [PLACE]
# Out of time on the simulated operator AUC .798 -> .801 (20,000 lines, three months).
FIELDS = [
    ProfileField("district_dropped_rate", _("Dropped calls in the district, last month"), Kind.SHARE, Area.IDENTITY, "place",
                 "z.dropped_rate", measure=True, model=True, theme=ThemeKey.NETWORK,
                 said=_("{value}% of all calls in the district were dropped last month"), limits=SHARE_OF_ALL),
    ProfileField("city_rival_share", _("Lines in the city that call competitor hotlines, last month"), Kind.SHARE, Area.IDENTITY,
                 "place", "z.rival_share", measure=True, model=True, theme=ThemeKey.RIVAL, sayable=False,
                 said=_("{value}% of the lines in the city called a rival's hotline last month"), limits=SHARE_OF_ALL),
]  # fmt: skip
