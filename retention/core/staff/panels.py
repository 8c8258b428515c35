"""What the apps above show of a person on the person's page: declared when they are ready."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retention.core.accounts.models import User
from retention.core.registry import Registry


@dataclass(frozen=True)
class PersonPanel:
    """facts: (label, value) pairs. actions: (address, label, icon) of what the reader may do."""

    title: object
    icon: str
    facts: Sequence[tuple[object, object]]
    actions: Sequence[tuple[str, object, str]] = ()


# Called with `reader` and `person`; None where there is nothing to show.
PERSON_PANELS: Registry[str, Callable[..., PersonPanel | None]] = Registry("panel of a person")


def panels_of(person: User, *, reader: User) -> list[PersonPanel]:
    found = (panel(reader=reader, person=person) for panel in PERSON_PANELS.values())
    return [one for one in found if one is not None]
