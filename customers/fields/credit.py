"""The credit of the line's account. Models do not learn from it: it adds up payment facts that they read one by one.

A live build reads what its first round has written; for a past date `select_profile` puts the card itself in its place.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.credit.rules import CreditLevel
from customers.fields.base import Area, Feed, Kind, ProfileField, Source

CREDIT = Source(
    "credit",
    """
    SELECT s.id AS subscriber_id, {columns}
    FROM customers_subscriber s JOIN customers_accountcredit k ON k.account_id = s.account_id AND k.as_of = %(as_of)s
    WHERE s.id BETWEEN %(lo)s AND %(hi)s
    """,
    feeds=(Feed.BILLS, Feed.TOPUPS, Feed.BALANCES),
)


def field(key: str, label: object, kind: Kind, **more: Any) -> ProfileField:
    return ProfileField(
        key, label, kind, Area.MONEY, "credit", f"k.{key.removeprefix('credit_')}", sayable=False, **more
    )


SOURCES = [CREDIT]
FIELDS = [
    field(
        "credit_score",
        _("Credit score"),
        Kind.COUNT,
        unit=pgettext_lazy("credit", "points"),
        measure=True,
        limits=(0, 100),
    ),
    field("credit_level", _("Credit level"), Kind.CHOICE, choices=CreditLevel, dimension=True),
]
