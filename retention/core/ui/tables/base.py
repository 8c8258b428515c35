"""The list of every page: a django-tables2 table with our template, page sizes and exports.

class CustomerTable(BaseTable):
    subscriber_no = tables.Column(verbose_name=_("Number"))
    fee = MoneyColumn(verbose_name=_("Monthly fee"))
    class Meta(BaseTable.Meta):
        caption = _("Customers")
    def row_url(self, record): return reverse("customers:detail", args=[record.subscriber_no])

A ListPage (core/ui/listing.py) serves it; `{% render_table table %}` shows it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Self

import django_tables2 as tables
from django.db.models import F
from django.http import HttpRequest
from django.utils.encoding import force_str
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig
from django_tables2.columns import BoundColumn
from django_tables2.data import TableQuerysetData
from django_tables2.rows import BoundRow

from retention.core.ui import formats
from retention.core.ui.glossary import column_meaning
from retention.core.ui.tables.sheets import Pairs, Sheet, SheetColumn
from retention.core.ui.tables.signatures import remember_signatures

PAGE_SIZES = (25, 50, 100)
# Parameters that arrange a list and do not filter it.
LAYOUT_PARAMETERS = {"sort", "page", "per_page", "export", "view", "live"}
EXPORT_CHUNK_ROWS = 2_000
remember_signatures()


def _blanks_last(term: Any) -> Any:
    """A term of an order in which rows without a value never stand before those with one."""
    if not isinstance(term, str) or not term.startswith("-"):
        return term
    return F(term[1:]).desc(nulls_last=True)


class BaseTable(tables.Table):
    """A list with a sticky head, frozen first column, sorting, pages of 25/50/100 and exports.

    Attributes a subclass may set: `caption` (announced, required for readers), `region_id` (unique on the page),
    `empty_title` / `empty_text` (first use), `exportable`, `show_tools`, `short` (a scroll box of 420 px),
    `bulk_actions` (dicts value, label, icon, key) with `bulk_url`.
    A bulk POST carries `action`, `row` (many, see `row_value`) or `all=1` with `query`, the filters as a query string.
    """

    caption: Any = _("List")
    region_id = "list"
    empty_title: Any = _("Nothing here yet")
    empty_text: Any = ""
    exportable = True
    show_tools = True
    short = False
    bulk_actions: tuple[dict[str, Any], ...] = ()
    bulk_url = ""

    class Meta:
        template_name = "components/table.html"

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("default", formats.DASH)
        # Not given to the library: it would order and cut the list at once, by any number that the address holds.
        super().__init__(*args, **kwargs)
        self.request = request
        self.empty_text = kwargs.get("empty_text", type(self).empty_text)
        for column in self.columns.iterall():
            # django-tables2 exports what `render_x` shows; a typed column exports its value, or that of `value_x`.
            if type(column.column).value is not tables.Column.value and not hasattr(self, f"value_{column.name}"):
                column.value = column.column.value

    def row_url(self, record: Any) -> str | None:
        """Where a row leads; None for rows that lead nowhere."""
        return None

    def row_value(self, record: Any) -> object:
        """The form value of a selected row."""
        return record["pk"] if isinstance(record, dict) else record.pk

    @property
    def is_filtered(self) -> bool:
        """Whether the address filters anything; an empty list then shows a message about the filter."""
        return bool(
            self.request and any(value for key, value in self.request.GET.items() if key not in LAYOUT_PARAMETERS)
        )

    def paged(self) -> Self:
        """Sort and cut to the page the address requests.

        Unknown page sizes become 25 and page numbers out of range the nearest page.
        """
        if self.request is None:
            raise ValueError("give the table its request")
        asked = self.request.GET.get(self.prefixed_per_page_field, "")
        size = int(asked) if asked in {str(size) for size in PAGE_SIZES} else PAGE_SIZES[0]
        self.ordered().paginate(per_page=size)
        self.page = self.paginator.get_page(self.request.GET.get(self.prefixed_page_field, 1))
        return self

    def ordered(self) -> Self:
        """Sort as the address requests, keep every row: for exports."""
        if self.request is not None:
            RequestConfig(self.request, paginate=False).configure(self)
            asked = self.request.GET.get(self.prefixed_order_by_field)
            if asked and isinstance(self.data, TableQuerysetData) and not self.data.data.query.is_sliced:
                self.data.data = self.data.data.order_by(*map(_blanks_last, self.data.data.query.order_by))
        return self

    def exceeds(self, limit: int) -> bool:
        """Whether an export has more than `limit` rows, at the cost of reading at most that many keys."""
        data = self.data
        if isinstance(data, TableQuerysetData):
            return data.data[: limit + 1].count() > limit
        return len(data) > limit

    def sheet(self, *, name: str, about: Pairs = ()) -> Sheet:
        """The whole list for a file: columns not marked `exclude_from_export`, rows read a chunk at a time."""
        columns = [column for column in self.columns.iterall() if not column.column.exclude_from_export]
        heads = [
            SheetColumn(
                title=force_str(column.header),
                meaning=column_meaning(column),
                format=getattr(column.column, "show", ""),
            )
            for column in columns
        ]
        return Sheet(name=name, columns=heads, rows=self._cells(columns), about=about)

    @property
    def order_text(self) -> str:
        """The order as text: `Risk (descending), Name (ascending)`."""
        words = {True: gettext("descending"), False: gettext("ascending")}
        known = [by for by in self.order_by or () if by.lstrip("-") in self.columns]
        return ", ".join(f"{self.columns[by.lstrip('-')].header} ({words[by.startswith('-')]})" for by in known)

    def records(self) -> Iterator[Any]:
        """Every row of the list, for exports; a queryset is not held in memory."""
        data = self.data
        return data.data.iterator(chunk_size=EXPORT_CHUNK_ROWS) if type(data) is TableQuerysetData else iter(data)

    def _cells(self, columns: Sequence[BoundColumn]) -> Iterator[Sequence[Any]]:
        for record in self.records():
            row = BoundRow(record, table=self)
            yield [row.get_cell_value(column.name) for column in columns]
