"""The filters in force on a page, as removable chips; all state is the query string. What is read from one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from retention.core.errors import Invalid
from retention.core.ui import formats

NUL = "\0"
MAX_NUMBER_DIGITS = 18  # of a bigint: a longer number names no row
KEPT_ON_RESET = ("sort", "per_page", "view", "live")


@dataclass(frozen=True)
class Chip:
    """One filter in force: its text and the address of the page without it."""

    label: str
    value: str
    remove_url: str


def refuse_nul(query: QueryDict) -> None:
    """Invalid for a name or value with a NUL, which PostgreSQL stores nowhere."""
    for name, values in query.lists():
        if NUL in name or any(NUL in value for value in values):
            message = _("A text holds a character that cannot be stored (NUL).")
            raise Invalid(message, code="nul", details=[{"field": name.replace(NUL, ""), "code": "nul"}])


def parse_query(text: str) -> QueryDict:
    """The filters that a form carries along as a query string. Invalid for NUL, as in an address."""
    query = QueryDict(text)
    refuse_nul(query)
    return query


def parse_number(text: str) -> int | None:
    """The number of a row or version that a form sends; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS else None


def parse_numbers(texts: Iterable[str]) -> list[int]:
    """The numbers among the texts, such as those of selected rows."""
    return [number for number in map(parse_number, texts) if number is not None]


def chips_for(form: forms.BaseForm, query: QueryDict, path: str = "") -> list[Chip]:
    """A chip for each value of `query` that a field of `form` owns; a field with many values has many chips."""
    chips = []
    for bound in form:
        for key in _keys(bound, query):
            for raw in query.getlist(key):
                if not raw:
                    continue
                chips.append(
                    Chip(str(bound.label), _format_value(bound.field, raw), path + query_without(query, key, raw))
                )
    return chips


def query_without(query: QueryDict, key: str, value: str) -> str:
    """The query string without one value of one key, and back on the first page; `?` when nothing is left."""
    left = query.copy()
    left.setlist(key, [kept for kept in left.getlist(key) if kept != value])
    left.pop("page", None)
    return f"?{left.urlencode()}"


def address_without_filters(request: HttpRequest) -> str:
    """The page with all its rows in the order and page size they have now."""
    kept = [(name, value) for name in KEPT_ON_RESET for value in request.GET.getlist(name)]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _keys(bound: forms.BoundField, query: QueryDict) -> Iterable[str]:
    """A range filter spreads over name_min/name_max or name_after/name_before."""
    return [
        key for key in query if key == bound.html_name or key.startswith(f"{bound.html_name}_") and _is_multi(bound)
    ]


def _is_multi(bound: forms.BoundField) -> bool:
    return isinstance(bound.field.widget, forms.MultiWidget)


def _format_value(field: forms.Field, raw: str) -> str:
    if isinstance(field, forms.ModelChoiceField):
        name = field.to_field_name or "pk"
        found = None if field.queryset is None else _find(field.queryset, name, raw)
        return str(found) if found else raw
    if isinstance(field, forms.ChoiceField):
        return next((str(label) for key, label in _flat(field.choices) if str(key) == raw), raw)
    if isinstance(field, forms.BooleanField):
        return _("yes")
    if isinstance(field, (forms.DateField, forms.DateTimeField)):
        try:
            return formats.moment(field.to_python(raw))
        except forms.ValidationError:
            return raw
    return raw


def _find(queryset: QuerySet, name: str, raw: str) -> object | None:
    """The object a value names; a value of the wrong shape names nothing."""
    try:
        return queryset.filter(**{name: raw}).first()
    except (TypeError, ValueError):
        return None


def _flat(choices: Any) -> Iterable[tuple[object, object]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label
