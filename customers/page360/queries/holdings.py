"""Holdings of the customer: contracts, services, terminals, points, and list entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from customers.facts.models import Contract, Customer, PointEntry, ProductSubscription, Subscriber, Terminal
from customers.lists.models import ListEntry

Badge = tuple[str, str, str]  # text, tone, icon
MAX_POINT_ENTRIES = 5


def contracts(line: Subscriber, *, today: date) -> list[tuple[Contract, Badge]]:
    """Newest end first, each with its state today."""
    rows = Contract.objects.filter(subscriber=line).select_related("policy").order_by("-ends_on")
    return [(contract, _contract_badge(contract, today)) for contract in rows]


def products(line: Subscriber, *, today: date) -> list[tuple[ProductSubscription, bool]]:
    """(subscription, whether it is active), active ones first."""
    rows = ProductSubscription.objects.filter(subscriber=line).select_related("product").order_by("-starts_on")
    judged = [(row, row.ends_on is None or row.ends_on > today) for row in rows]
    return sorted(judged, key=lambda pair: not pair[1])


def terminals(line: Subscriber) -> list[tuple[str, Terminal]]:
    """(name, terminal), newest first; a brand repeated in the model name is shown once."""
    rows = Terminal.objects.filter(subscriber=line).order_by("-first_seen_on")
    return [(row.model if row.model.startswith(row.brand) else str(row), row) for row in rows]


@dataclass(frozen=True)
class Points:
    total: int
    entries: Sequence[PointEntry]


def points_of(line: Subscriber) -> Points | None:
    """The sum and the newest entries; None without any."""
    rows = PointEntry.objects.filter(subscriber=line)
    newest = list(rows.order_by("-at")[:MAX_POINT_ENTRIES])
    return Points(rows.aggregate(total=Sum("points"))["total"] or 0, newest) if newest else None


def lists_of(customer: Customer) -> list[ListEntry]:
    return list(customer.list_entries.select_related("created_by", "own_list").order_by("-starts_on", "-pk"))


def in_force(entry: ListEntry, today: date) -> bool:
    return entry.starts_on <= today and (entry.ends_on is None or entry.ends_on >= today)


def _contract_badge(contract: Contract, today: date) -> Badge:
    if contract.ended_on and contract.ended_on <= today:
        return _("ended early"), "warning", "alert-circle"
    if contract.ends_on <= today:
        return _("ended"), "neutral", "archive"
    if contract.starts_on > today:
        return _("to come"), "info", "clock"
    return _("running"), "good", "circle-check"
