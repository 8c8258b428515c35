"""A list as it is exported: typed columns, its rows, and the lines that describe it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core.masking import mask_phones

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SheetColumn:
    """title: the heading. meaning: one sentence for the About sheet. format: a key of NUMBER_FORMATS, "" for text."""

    title: str
    meaning: str = ""
    format: str = ""


@dataclass(frozen=True)
class Sheet:
    """rows: cells in the order of `columns`; str, int, float, Decimal, bool, date, datetime or None. Read once.

    name: how the file begins. about: (name, text) lines of the About sheet.
    """

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Any]]
    about: Pairs = ()

    def with_rows(self, rows: Iterable[Sequence[Any]]) -> Self:
        return replace(self, rows=rows)


def about_lines(
    title: str, *, filters: Pairs, order: str, person: str, at: datetime, notes: Pairs = ()
) -> list[tuple[str, str]]:
    """The About sheet's description of a list, before its columns. filters: (label, value) in the reader's words.

    A phone number that was searched for is masked: the file may be passed on.
    """
    return [
        (_("List"), title),
        *((_("Filter: %(name)s") % {"name": label}, mask_phones(value)) for label, value in filters),
        *([] if filters else [(_("Filters"), _("none"))]),
        *([(pgettext("sorting", "Order"), order)] if order else []),
        (_("Exported by"), person),
        (_("Exported at"), f"{timezone.localtime(at):%Y-%m-%d %H:%M}"),
        *notes,
    ]
