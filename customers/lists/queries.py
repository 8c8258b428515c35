"""Lists of customers with how many are on each, and what has happened to an entry. Read-only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from customers.lists.models import SHIPPED_CHOICES, SHIPPED_KINDS, ListEntry, OwnList
from retention.core.accounts.models import User
from retention.core.audit.models import AuditEntry


@dataclass
class ListKind:
    """One shipped list. entries: in force, of customers whom the person sees; expiring: those that end soon."""

    kind: ListEntry.Kind
    entries: int
    expiring: int


def kinds_for(user: User, *, on: date) -> list[ListKind]:
    entries = ListEntry.objects.visible_to(user)
    counted = _by_kind(entries.in_force(on=on))
    expiring = _by_kind(entries.expiring(on=on))
    return [ListKind(kind, counted.get(kind, 0), expiring.get(kind, 0)) for kind in SHIPPED_KINDS]


def _by_kind(entries: QuerySet[ListEntry]) -> dict[str, int]:
    return dict(entries.order_by().values_list("kind").annotate(number=Count("pk")))


def own_lists_for(user: User, *, on: date) -> list[tuple[OwnList, int]]:
    """The own lists that the person sees, each with its entries in force, of customers whom the person sees."""
    entries = ListEntry.objects.visible_to(user).in_force(on=on).filter(kind=ListEntry.Kind.OWN)
    counted = dict(entries.order_by().values_list("own_list").annotate(number=Count("pk")))
    return [(one, counted.get(one.pk, 0)) for one in OwnList.objects.visible_to(user).for_list()]


def list_names() -> dict[str, object]:
    """Code -> title of the lists that ship and the operator's own, also of those out of use: rules may name them."""
    return {one.code: one.title for one in OwnList.objects.order_by("code")} | dict(SHIPPED_CHOICES)


def history_of(entry: ListEntry) -> QuerySet[AuditEntry]:
    """Who added, changed and ended it, newest first."""
    actions = ("customer.list_add", "customer.list_change", "customer.list_end")
    found = AuditEntry.objects.filter(action__in=actions, target=f"customer:{entry.customer.customer_no}")
    return found.filter(detail__entry=entry.pk).select_related("actor").order_by("-at", "-pk")
