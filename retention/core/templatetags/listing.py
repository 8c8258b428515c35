"""Parts of lists: pages, sort and export links; loaded with `{% load ui %}`."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.columns import BoundColumn

from retention.core.ui.glossary import column_meaning
from retention.core.ui.tables.base import PAGE_SIZES

register = template.Library()
# Of the filter form (components/filter_form.html): they carry the order of the list and follow it.
FILTER_PARTS = "#filter-actions,#filter-chips"


def _query(context: template.Context, **changes: object) -> str:
    """The current query string with changes; None removes a key."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def meaning_of(column: BoundColumn) -> str:
    """`{{ column|meaning_of }}`: what the values of a column mean, for its heading; "" where its label says all."""
    return column_meaning(column)


@register.simple_tag(takes_context=True)
def table_query(context: template.Context, key: str, value: object) -> str:
    """The same list with another order, from its first page."""
    return _query(context, **{key: value, "page": None})


@register.simple_tag(takes_context=True)
def export_url(context: template.Context, kind: str) -> str:
    """`{% export_url "csv" %}`: exactly what is seen, all pages, as csv or xlsx."""
    return _query(context, export=kind, page=None, per_page=None)


@register.simple_tag
def table_swap(table: Any) -> SafeString:
    """htmx attributes: take the table out of the same page; without script the link simply opens."""
    return _swap(table.region_id)


@register.filter
def row_href(record: Any, table: Any) -> str:
    return table.row_url(record) or ""


@register.filter
def row_value(record: Any, table: Any) -> str:
    """What a ticked row sends, as text: a number of four digits would be written with a separator."""
    return str(table.row_value(record))


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: template.Context, page: Page, prefix: str = "", region: str = "", label: str = ""
) -> dict[str, Any]:
    """`{% pagination page_obj %}`; `region`: id of the element with the list, swapped by htmx; `label`: its name."""
    page_key, size_key = f"{prefix or ''}page", f"{prefix or ''}per_page"
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    gap = str(page.paginator.ELLIPSIS)
    return {
        "page": page,
        "label": label,
        "pages": [
            (None, "") if str(number) == gap else (number, _query(context, **{page_key: number})) for number in numbers
        ],
        "previous_url": _query(context, **{page_key: page.previous_page_number()}) if page.has_previous() else "",
        "next_url": _query(context, **{page_key: page.next_page_number()}) if page.has_next() else "",
        "sizes": [(size, _query(context, **{size_key: size, page_key: None})) for size in PAGE_SIZES],
        "htmx": _swap(region) if region else "",
    }


def _swap(region: str) -> SafeString:
    return format_html(
        ' hx-boost="true" hx-target="#{0}" hx-select="#{0}" hx-select-oob="{1}" hx-swap="outerHTML show:none"',
        region,
        FILTER_PARTS,
    )
