"""Questions about a line that other tables answer: on a list, with an open order, found by a scenario.

A membership is declared once, by the feature that owns the rows; it is then a field of rules like any other. What lies
above this package declares its own in `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from customers.lists.queries import list_names
from retention.core.registry import Registry

# The line of the profile row around it; the day it is of.
LINE, DAY = OuterRef("subscriber_id"), OuterRef("as_of")


@dataclass(frozen=True)
class Membership:
    """rows: those that concern the line LINE on the day DAY.

    code: their column that the values of the condition are codes of; without it the question is a plain yes or no.
    said, said_not: the condition in words, with %(values)s. names: {code: name}, read when first said. on: their date,
    where a condition may ask for the last N days. is_risk: it tells the risk of leaving.
    """

    label: object
    area: object
    rows: Callable[[], QuerySet]
    said: object
    said_not: object
    code: str = ""
    names: Callable[[], Mapping[str, object]] = dict
    on: str = ""
    is_risk: bool = False

    def exists(self, codes: Sequence[str] = (), days: int | None = None) -> Exists:
        """Whether there is such a row: with one of the codes, in the last `days` days."""
        return Exists(self._rows(codes, days))

    def codes(self) -> ArraySubquery:
        """The codes of all rows of the line, each once."""
        return ArraySubquery(self._rows((), None).order_by(self.code).values(self.code).distinct())

    def _rows(self, codes: Sequence[str], days: int | None) -> QuerySet:
        found = self.rows()
        if codes:
            found = found.filter(**{f"{self.code}__in": codes})
        if days is not None:
            first = ExpressionWrapper(DAY - Value(days), output_field=DateField())
            found = found.filter(**{f"{self.on}__gt": first, f"{self.on}__lte": DAY})
        return found


class NamesOnDemand(Mapping[str, object]):
    """{code: name}, read at the first look."""

    def __init__(self, read: Callable[[], Mapping[str, object]]) -> None:
        self.read = read

    @cached_property
    def names(self) -> Mapping[str, object]:
        return self.read()

    def __getitem__(self, code: str) -> object:
        return self.names[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def _list_entries() -> QuerySet:
    in_force = Q(ends_on=None) | Q(ends_on__gte=DAY)
    found = ListEntry.objects.filter(in_force, starts_on__lte=DAY, customer__accounts__subscribers=LINE)
    return found.annotate(code=Case(When(kind=ListEntry.Kind.OWN, then=F("own_list__code")), default=F("kind")))


def _reservations() -> QuerySet:
    return ContactRecord.objects.filter(state=ContactRecord.State.RESERVED, customer__accounts__subscribers=LINE)


MEMBERSHIPS: Registry[str, Membership] = Registry("membership")
ON_LIST = MEMBERSHIPS.declare(
    "on_list",
    Membership(
        _("On a list"),
        _("Lists"),
        _list_entries,
        _("on the list %(values)s"),
        _("on none of the lists %(values)s"),
        code="code",
        names=list_names,
    ),
)
OPEN_ORDER = MEMBERSHIPS.declare(
    "open_order",
    Membership(_("Has an open order"), _("Service"), _reservations, _("has an open order"), _("has no open order")),
)
