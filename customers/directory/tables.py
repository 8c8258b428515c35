"""The table of the customer list, fed by a Directory instead of a queryset."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableData

from customers.directory.queries import DEFAULT_ORDER, ORDER_COLUMNS, Directory
from customers.facts.models import Subscriber
from customers.fields import FIELDS, NUMBER_KINDS, ProfileField
from customers.fields.cohorts import DAYS_A_MONTH
from customers.fields.line_types import view_of
from customers.fields.text import format_value
from customers.risk.text.reasons import Reason
from retention.core.ui import components, drawing, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    BarColumn,
    Column,
    DayColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    PhoneColumn,
    RiskColumn,
)

STATUS_TONES = {
    Subscriber.Status.ACTIVE: ("good", "circle-check"),
    Subscriber.Status.STOPPED: ("warning", "player-pause"),
    Subscriber.Status.TERMINATED: ("neutral", "user-minus"),
}


class Listing(Protocol):
    """Rows in an order of their own, read a page at a time: a Directory and what answers like one."""

    @property
    def count(self) -> int: ...

    def lines(self, start: int, stop: int) -> list[Any]: ...

    def every_line(self) -> Iterator[Any]: ...


class DirectoryData(TableData):
    """A Directory behind django-tables2's data interface: length, slice, order."""

    def __init__(self, directory: Listing) -> None:
        self.directory = directory
        self._pages: dict[tuple[int, int], list[Any]] = {}

    def __len__(self) -> int:
        return self.directory.count

    def __getitem__(self, places: slice) -> list[Any]:
        """A page's lines; templates go through the same page more than once."""
        key = (places.start, places.stop)
        if key not in self._pages:
            self._pages[key] = self.directory.lines(*key)
        return self._pages[key]

    def __iter__(self) -> Iterator[Any]:
        return self.directory.every_line()

    def order_by(self, aliases: Sequence[str]) -> None:
        """Does nothing: the directory is already in the order that the address requests."""

    @property
    def ordering(self) -> None:
        return None


def requested_order(query_value: str) -> str:
    """The order an address requests, or the default one."""
    return query_value if query_value.lstrip("-") in ORDER_COLUMNS and query_value.count("-") <= 1 else DEFAULT_ORDER


class ClippedColumn(Column):
    """One line of text; what does not fit is in its title."""

    def render(self, value: object) -> SafeString:
        return format_html('<span class="rp-clip" title="{0}">{0}</span>', value)

    def value(self, value: object) -> str:
        return str(value)


class FactColumn(Column):
    """A field of the catalogue in words; in an export its value."""

    def __init__(self, field: ProfileField, *, profile: str = "profile", **kwargs: Any) -> None:
        super().__init__(
            accessor=f"{profile}__{field.key}" if profile else field.key,
            verbose_name=field.label,
            orderable=False,
            attrs={part: {"class": "num"} for part in ("th", "td")} if field.kind in NUMBER_KINDS else {},
            **kwargs,
        )
        self.field = field

    def render(self, value: object) -> str:
        return format_value(self.field, value)

    def value(self, value: object) -> object:
        return value if self.field.kind in NUMBER_KINDS else format_value(self.field, value)


def type_columns(line_type: str, *, profile: str = "profile") -> list[tuple[str, FactColumn]]:
    """Further columns of a list of lines of one type, none of a list of all. profile: the way to it from a row."""
    keys = view_of(line_type).listed if line_type else ()
    return [(f"fact_{key}", FactColumn(FIELDS[key], profile=profile)) for key in keys]


class CustomerTable(BaseTable):
    subscriber_no = Column(verbose_name=_("Subscriber"), orderable=False)
    name = ClippedColumn(verbose_name=_("Customer"), accessor="account__customer__name", orderable=False)
    phone_number = PhoneColumn(verbose_name=_("Phone"), orderable=False)
    tier = RiskColumn(verbose_name=_("Risk"), accessor="profile__risk_tier", orderable=False)
    risk = BarColumn(
        verbose_name=_("Churn probability"),
        help_text=_("Probability of the newest score that the line leaves within the model's horizon."),
        accessor="profile__risk_probability",
        tone=lambda line: line.profile.risk_tier,
    )
    reason = Column(verbose_name=_("Main reason"), accessor="reasons", orderable=False)
    plan = ClippedColumn(verbose_name=_("Plan"), accessor="plan__name", orderable=False)
    status = BadgeColumn(verbose_name=_("Status"), orderable=False, tones=STATUS_TONES)
    branch = ClippedColumn(verbose_name=_("Branch"), accessor="branch__name", orderable=False)
    tenure = NumberColumn(
        verbose_name=_("Months"),
        help_text=_("Whole months from joining to leaving, or to today."),
        accessor="activated_on",
        orderable=False,
    )
    arpu = MoneyColumn(verbose_name=_("Monthly spend"), accessor="profile__arpu")
    change = PercentColumn(
        verbose_name=_("Spend change"),
        help_text=_("Spend of last month against the mean of the three months before, as a share."),
        accessor="profile__bill_change",
        orderable=False,
    )
    contract_end = DayColumn(
        verbose_name=_("Contract ends"), accessor="profile__contract_ends_on", initial_sort_descending=False
    )

    caption = _("Customers")
    region_id = "customers"
    empty_title = _("No customers yet")
    empty_text = _("Customers appear here when their facts have been imported.")

    class Meta(BaseTable.Meta):
        order_by = DEFAULT_ORDER

    def __init__(self, directory: Directory, *, today: date, **kwargs: Any) -> None:
        columns = type_columns(directory.filters.get("line_type", ""))
        super().__init__(DirectoryData(directory), extra_columns=columns, **kwargs)
        self.today = today

    def exceeds(self, limit: int) -> bool:
        """The page leads to MAX_LISTED_LINES at most, an export to every line."""
        return len(self.data.directory.ids(stop=limit + 1)) > limit

    def row_url(self, record: Subscriber) -> str:
        return reverse("customers:detail", args=[record.subscriber_no])

    def render_reason(self, value: list[Reason]) -> SafeString | str:
        if not value:
            return formats.DASH
        return format_html('<span class="rp-clip rp-clip-long" title="{0}">{0}</span>', capfirst(value[0].text))

    def value_reason(self, value: list[Reason]) -> str:
        return value[0].text if value else ""

    def render_tenure(self, record: Subscriber) -> int:
        return months_in_service(record, self.today)

    def value_tenure(self, record: Subscriber) -> int:
        return months_in_service(record, self.today)

    def render_change(self, value: float) -> SafeString:
        return drawing.delta(value, "up", "percent", components.icon)


def months_in_service(line: Subscriber, today: Any) -> int:
    """Whole months from joining to leaving, or to `today`."""
    return int(((line.terminated_on or today) - line.activated_on).days / DAYS_A_MONTH)
