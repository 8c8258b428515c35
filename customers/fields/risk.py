"""The model's scores: written by record_scores(), carried through a rebuild of the profile until the next scoring."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.fields.base import SHARE_OF_ALL, Area, Feed, Kind, ProfileField, Source
from customers.fields.choices import RiskTier

RISK = Source(
    "risk",
    """
    SELECT o.subscriber_id, {columns}
    FROM customers_subscriberprofile o
    WHERE o.subscriber_id BETWEEN %(lo)s AND %(hi)s
    """,
    feeds=(Feed.RISK,),
)


def field(key: str, label: object, kind: Kind, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.RISK, "risk", f"o.{key}", **more)


SOURCES = [RISK]
FIELDS = [
    # Its index is SubscriberProfile's "profile_list".
    field("risk_probability", _("Churn probability"), Kind.SHARE, measure=True, limits=SHARE_OF_ALL),
    field("risk_decile", _("Risk decile"), Kind.COUNT, dimension=True, limits=(1, 10)),
    field("risk_tier", _("Risk tier"), Kind.CHOICE, choices=RiskTier, dimension=True),
    field("risk_scored_on", _("Scored on"), Kind.DATE, rule=False),
    field("expected_gain", _("Expected gain of a contact"), Kind.MONEY, unit=_("yuan"), measure=True, indexed=True),
]
