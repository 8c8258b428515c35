"""What the index of the administration offers. Each app declares its sections in its `declarations.py`."""

from dataclasses import dataclass

from retention.core.accounts.models import User
from retention.core.registry import Registry


@dataclass(frozen=True)
class Section:
    """A card of the index. route: name of the page. permission: as the page itself declares it."""

    title: object
    text: object
    icon: str
    route: str
    permission: str
    order: int


SECTIONS: Registry[str, Section] = Registry("section of the administration")


def sections_for(user: User) -> list[Section]:
    """The sections that the person may open, in their order."""
    return sorted((one for one in SECTIONS.values() if user.may(one.permission)), key=lambda one: one.order)
