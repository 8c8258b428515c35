"""The circle that a line belongs to, and whether a bundle suits it (`customers.circles`): known before the profile is built."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.fields.base import Area, Kind, ProfileField, Source
from customers.fields.choices import BundleReason, CircleKind

CIRCLES = Source(
    "circles",
    """
    SELECT m.subscriber_id, {columns}
    FROM customers_circlemember m JOIN customers_circle c ON c.id = m.circle_id
    WHERE m.subscriber_id BETWEEN %(lo)s AND %(hi)s AND m.until IS NULL AND c.as_of <= %(as_of)s
    """,
)


def field(key: str, label: object, kind: Kind, sql: str, **more: Any) -> ProfileField:
    """Nothing of it is said to a customer: it is about others, too."""
    return ProfileField(key, label, kind, Area.SOCIAL, "circles", sql, **({"sayable": False} | more))


SOURCES = [CIRCLES]
# No model learns from these: circles are made on the newest night only, so past snapshots lack them.
FIELDS = [
    field("circle_kind", _("Circle"), Kind.CHOICE, "c.kind", choices=CircleKind, dimension=True),
    field("circle_lines", _("Lines of the circle"), Kind.COUNT, "c.lines", unit=_("lines"), measure=True),
    field("circle_left_90d", _("Members of the circle gone in 90 days"), Kind.COUNT, "c.left_90d", unit=_("lines"),
          measure=True),
    field("circle_outside_rival_share", _("Contacts outside the circle on other networks"), Kind.SHARE,
          "(c.rivals / nullif(c.contacts, 0)::float8)::real", measure=True),
    field("bundle_candidate", _("Candidate for a bundle"), Kind.FLAG, "c.bundle_reason <> ''", dimension=True,
          absent="false"),
    field("bundle_reason", _("Why a bundle suits"), Kind.CHOICE, "nullif(c.bundle_reason, '')", choices=BundleReason,
          dimension=True),
    field("bundle_lead", _("Line to speak to about a bundle"), Kind.FLAG,
          "c.bundle_reason <> '' AND c.lead_id IS NOT DISTINCT FROM m.subscriber_id", absent="false"),
    field("bundle_saving", _("Saving in a bundle, a month"), Kind.MONEY, "c.bundle_saving", unit=_("yuan"), measure=True),
]  # fmt: skip
