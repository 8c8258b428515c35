"""The list of every page: a django-tables2 table with our template, page sizes and exports.

class CustomerTable(BaseTable):
    subscriber_no = tables.Column(verbose_name=_("Number"))
    fee = MoneyColumn(verbose_name=_("Monthly fee"))
    class Meta(BaseTable.Meta):
        caption = _("Customers")
    def row_url(self, record): return reverse("customers:detail", args=[record.subscriber_no])

table = CustomerTable(Subscriber.objects.visible_to(user).for_worklist(), request=request)
if wants_export(request):
    return export_response(request, table, "customers")
return render(request, "customers/directory/list.html", {"table": table.paged()})        # {% render_table table %}
"""

from typing import Any, Self

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig

from retention.core.ui import formats

PAGE_SIZES = (25, 50, 100)
# Parameters that arrange a list and do not filter it.
LAYOUT_PARAMETERS = {"sort", "page", "per_page", "export", "view"}


class BaseTable(tables.Table):
    """A list with a sticky head, frozen first column, sorting, pages of 25/50/100 and exports.

    Attributes a subclass may set: `caption` (announced, required for readers), `region_id` (unique on the page),
    `empty_title` / `empty_text` (first use), `exportable`, `show_tools`, `short` (a scroll box of 420 px),
    `bulk_actions` (dicts value, label, icon) with `bulk_url`.
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
        super().__init__(*args, request=request, **kwargs)
        self.empty_text = kwargs.get("empty_text", type(self).empty_text)

    def row_url(self, record: Any) -> str | None:
        """Where a row leads; None for rows that lead nowhere."""
        return None

    def row_value(self, record: Any) -> object:
        """What a ticked row sends."""
        return record["pk"] if isinstance(record, dict) else record.pk

    @property
    def is_filtered(self) -> bool:
        """Whether the address filters anything: an empty list then says so."""
        return bool(
            self.request and any(value for key, value in self.request.GET.items() if key not in LAYOUT_PARAMETERS)
        )

    def paged(self) -> Self:
        """Sort and cut to the page the address asks for.

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
        """Sort as the address asks, keep every row: for exports."""
        if self.request is not None:
            RequestConfig(self.request, paginate=False).configure(self)
        return self
