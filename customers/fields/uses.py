"""Who uses a field: upper apps register what holds rules, models or figures that read it."""

from collections.abc import Callable
from dataclasses import dataclass

from retention.core.accounts.models import User
from retention.core.registry import Registry


@dataclass(frozen=True)
class Use:
    """One row that reads the field, as a link; "" for a row without a page."""

    title: str
    href: str = ""


@dataclass(frozen=True)
class Users:
    """label: their kind, in the plural. find: those that the person may see, of the field of this key."""

    label: object
    find: Callable[[str, User], list[Use]]


FIELD_USERS: Registry[str, Users] = Registry("users of fields")


def uses_of(key: str, user: User) -> list[tuple[str, Use]]:
    """(kind, row) in the order of the registry."""
    return [(str(users.label), use) for users in FIELD_USERS.values() for use in users.find(key, user)]
