"""The feeds a rule depends on, so that a night without one of them raises no false alarm.

Only daily facts can turn "not arrived" into "did not happen"; a level over 30 days hardly changes.
"""

import re
from functools import cache

from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules.conditions import Group
from campaigns.audiences.rules.parser import fields_of
from customers import fields

USAGE_DAYS, BILLS, BALANCES, RISK = "usage-days", "bills", "balances", "risk"
FEED_LABELS = {
    USAGE_DAYS: _("daily usage"),
    BILLS: _("bills"),
    BALANCES: _("balances"),
    RISK: _("risk scores"),
}
FEED_OF_SOURCE = {"usage_days": USAGE_DAYS, "bills": BILLS, "balances": BALANCES, "risk": RISK}


def needed_feeds(tree: Group) -> list[str]:
    """Names as customers.profile.checks reports them, e.g. ["bills", "usage-days"]."""
    needed = {fact for field in fields_of(tree) if not field.custom_key for fact in _feeds_of(field.key)}
    return sorted(needed)


@cache
def _feeds_of(key: str) -> frozenset[str]:
    """Of a profile field, through the fields it is derived from."""
    field = fields.FIELDS[key]
    if field.source != "derived":
        return frozenset({FEED_OF_SOURCE[field.source]} if field.source in FEED_OF_SOURCE else ())
    parts = set(re.findall(r"\b[a-z_0-9]+\b", field.sql)) & fields.FIELDS.keys() - {key}
    return frozenset().union(*(_feeds_of(part) for part in parts))
