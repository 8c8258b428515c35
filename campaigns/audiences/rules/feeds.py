"""Which feeds a rule stands on: those of its fields."""

from campaigns.audiences.rules.conditions import Group
from campaigns.audiences.rules.parser import fields_of
from customers.fields import FIELDS
from customers.fields.feeds import feeds_of


def needed_feeds(tree: Group) -> list[str]:
    """Names as customers.profile.checks reports them, e.g. ["bills", "usage-days"]."""
    return sorted({feed.value for field in fields_of(tree) if field.key in FIELDS for feed in feeds_of(field.key)})
