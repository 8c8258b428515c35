"""Lists of customers with how many are on each. Read-only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from customers.lists.models import ListEntry
from retention.core.accounts.models import User


@dataclass
class ListKind:
    """One list. entries: in force, of customers whom the person sees."""

    kind: ListEntry.Kind
    entries: int


def kinds_for(user: User, *, on: date) -> list[ListKind]:
    counted = dict(
        ListEntry.objects.visible_to(user).in_force(on=on).order_by().values_list("kind").annotate(number=Count("pk"))
    )
    return [ListKind(kind, counted.get(kind, 0)) for kind in ListEntry.Kind]
