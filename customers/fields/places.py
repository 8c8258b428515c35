"""What acts on everybody where the line is at home: trouble of the network, the reach of rivals."""

from django.utils.translation import gettext_lazy as _

from customers.fields.base import Area, Kind, ProfileField, Source, ThemeKey

# `place_month` is measured once a build: customers.profile.queries.places.
PLACE = Source(
    "place",
    """
    SELECT s.id AS subscriber_id, {columns}
    FROM customers_subscriber s JOIN place_month z ON z.branch_id = s.branch_id
    WHERE s.id BETWEEN %(lo)s AND %(hi)s
    """,
)
SOURCES = [PLACE]
# Out of time on the simulated operator AUC .798 -> .801 (20,000 lines, three months).
FIELDS = [
    ProfileField("district_dropped_rate", _("Dropped calls in the district, last month"), Kind.SHARE, Area.IDENTITY, "place",
                 "z.dropped_rate", measure=True, model=True, theme=ThemeKey.NETWORK,
                 said=_("{value}% of all calls in the district were dropped last month")),
    ProfileField("city_rival_share", _("Lines in the city that call rival hotlines, last month"), Kind.SHARE, Area.IDENTITY,
                 "place", "z.rival_share", measure=True, model=True, theme=ThemeKey.RIVAL, sayable=False,
                 said=_("{value}% of the lines in the city called a rival's hotline last month")),
]  # fmt: skip
