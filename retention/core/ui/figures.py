"""Key figures and the rows that they count: one filter, `?figure=KEY`, of the lists that show such rows.

An app declares its figures when it is ready. A list that shows their rows has a `figure_field` in its form and passes
its rows through `only_counted`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django import forms
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from retention.core.registry import Registry

Rows = TypeVar("Rows", bound=QuerySet)


@dataclass(frozen=True)
class Figure:
    """page: the name of the ListPage with its rows. ids: their primary keys, None before the first night.

    sentence: what the figure is for this person, of which day, and what it counts.
    """

    page: str
    label: object
    ids: Callable[[], RawSQL | None]
    sentence: Callable[[User], str]


FIGURES: Registry[str, Figure] = Registry("key figure")


def figure_field(page: str) -> forms.ChoiceField:
    def choices() -> list[tuple[str, object]]:
        return [("", _("All")), *((key, one.label) for key, one in FIGURES.items() if one.page == page)]

    return forms.ChoiceField(label=_("Counted in"), required=False, choices=choices)


def only_counted(rows: Rows, key: str, *, column: str = "pk") -> Rows:
    """The rows that the figure counts, all without one. column: where `rows` has the key of what is counted."""
    if not key:
        return rows
    ids = FIGURES[key].ids()
    return rows.none() if ids is None else rows.filter(**{f"{column}__in": ids})


def figure_sentence(key: str, user: User) -> str:
    return FIGURES[key].sentence(user) if key in FIGURES else ""
