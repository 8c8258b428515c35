"""Fields of managed rows, their values and their history in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core.audit.models import AuditEntry
from retention.core.audit.services import SYSTEM
from retention.core.managed.queries import actor_of
from retention.core.managed.services import Difference, StaleVersion
from retention.core.ui import formats

Words = Mapping[str, Callable[[Any], object]]


class FieldText:
    """Labels and values of a kind's fields. Values are JSON as services.as_json writes it.

    words: {field: function from its value to text} for fields whose model is not enough, such as rules. Referenced
    rows are read once for each value. A field that the model no longer has is shown as it was written down.
    """

    def __init__(self, model: type[models.Model], words: Words) -> None:
        self.model, self.words = model, words
        self._columns = {column.name: column for column in (*model._meta.fields, *model._meta.many_to_many)}
        self._related: dict[tuple[str, Any], str] = {}

    def label(self, name: str) -> str:
        column = self._columns.get(name)
        return str(capfirst(column.verbose_name)) if column else name

    def value(self, name: str, value: Any) -> str:
        if value is None or value in ("", [], {}):
            return formats.DASH
        if name in self.words:
            return str(self.words[name](value))
        column = self._columns.get(name)
        if column is not None and column.is_relation:
            rows = value if isinstance(value, list) else [value]
            between = pgettext("between the values of a list", ", ")
            return between.join(self._related_text(column, one) for one in rows)
        return _format_value(column, value)

    def _related_text(self, column: Any, value: Any) -> str:
        key = (column.name, value)
        if key not in self._related:
            self._related[key] = _name_of(column.related_model, value)
        return self._related[key]


def _name_of(model: type[models.Model], value: Any) -> str:
    has_code = any(one.name == "code" for one in model._meta.fields)
    found = model._default_manager.filter(**{"code" if has_code else "pk": value}).first()
    return str(getattr(found, "display_name", None) or found or value)


def _format_value(column: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column is not None and column.flatchoices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DecimalField):
        return formats.number(Decimal(value), column.decimal_places)
    if isinstance(column, models.DateField):
        return formats.moment(column.to_python(value))
    if isinstance(value, list):
        return pgettext("between the values of a list", ", ").join(map(str, value))
    return str(value)


@dataclass(frozen=True)
class Change:
    """One line of a history. fields: (label, before, after)."""

    at: datetime
    who: str
    what: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


def format_history(entries: Iterable[AuditEntry], text: FieldText) -> list[Change]:
    """Entries of queries.history_of as sentences, in their order."""
    return [_format_entry(entry, text) for entry in entries]


def _format_entry(entry: AuditEntry, text: FieldText) -> Change:
    who = _("the system") if entry.actor_name == SYSTEM else actor_of(entry)
    changes = entry.detail.get("changes", {})
    if changes.keys() == {"enabled"}:
        return Change(entry.at, who, _("Switched on") if changes["enabled"][1] else _("Switched off"))
    if changes:
        pairs = [(name, *_before_after(pair)) for name, pair in changes.items()]
        fields = [(text.label(name), text.value(name, old), text.value(name, new)) for name, old, new in pairs]
        return Change(entry.at, who, _("Changed"), fields)
    source = entry.detail.get("copied_from")
    return Change(
        entry.at, who, _("Copied from %(code)s") % {"code": source} if source else pgettext("history", "Created")
    )


def _before_after(pair: Any) -> tuple[Any, Any]:
    """Entries of earlier releases have only the new value of some kinds of rows."""
    return (pair[0], pair[1]) if isinstance(pair, list) and len(pair) == 2 else (None, pair)


def format_conflict(conflict: StaleVersion, text: FieldText) -> list[dict[str, Any]]:
    """Both versions side by side, as format_differences."""
    return format_differences(conflict.differences, text)


def format_differences(differences: Iterable[Difference], text: FieldText) -> list[dict[str, Any]]:
    """label, sent, stored, changed_by, changed_at, is_own of each field that differs."""
    return [
        {
            "label": text.label(one.field),
            "sent": text.value(one.field, one.sent),
            "stored": text.value(one.field, one.stored),
            "changed_by": one.changed_by,
            "changed_at": one.changed_at,
            "is_own": one.is_own,
        }
        for one in differences
    ]
