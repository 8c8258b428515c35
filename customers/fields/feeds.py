"""Which feeds a field stands on, so that a night without one of them raises no false alarm.

Only facts by the day can turn "not arrived" into "did not happen"; a level over 30 days hardly moves. Sources therefore
name feeds (`Source.feeds`) only where a late one would deceive.
"""

import re
from functools import cache

from customers.fields import FIELDS, SOURCES
from customers.fields.base import Feed, ProfileField


@cache
def feeds_of(key: str) -> frozenset[Feed]:
    """Of a profile field, through the fields it is derived from."""
    field = FIELDS[key]
    if field.source != "derived":
        return frozenset(SOURCES[field.source].feeds)
    return frozenset().union(*(feeds_of(part) for part in parts_of(field)))


def parts_of(field: ProfileField) -> set[str]:
    """The keys of the fields that a derived field is computed from."""
    return set(re.findall(r"\b[a-z_0-9]+\b", field.sql)) & FIELDS.keys() - {field.key}
