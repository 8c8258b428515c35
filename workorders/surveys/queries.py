"""Questionnaires, which of them an order asks, and which types ask them. Read-only."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from retention.core.errors import NotFound
from workorders.order_types.models import OrderType
from workorders.surveys.models import Questionnaire, Response
from workorders.surveys.tree import Tree


@dataclass(frozen=True)
class Survey:
    """A published version and its tree."""

    row: Questionnaire
    tree: Tree


def survey_of(questionnaire: str | None, *, opened_at: datetime) -> Survey | None:
    """What an order opened at that moment asks: the same version for as long as it lives, whatever is published later.

    questionnaire: the code that the order's type names. None without one, and before its first version is published.
    """
    row = Questionnaire.objects.in_force(questionnaire, at=opened_at) if questionnaire else None
    return Survey(row, row.as_tree()) if row is not None else None


def types_by_questionnaire() -> dict[str, list[OrderType]]:
    """{code: order types whose new orders ask it}."""
    found: dict[str, list[OrderType]] = {}
    for row in OrderType.objects.current():
        if row.questionnaire:
            found.setdefault(row.questionnaire, []).append(row)
    return found


def find_version(code: str, version: int | None = None) -> Questionnaire:
    """One version, by default the newest. NotFound without one."""
    rows = Questionnaire.objects.versions_of(code)
    row = (rows if version is None else rows.filter(version=version)).first()
    if row is None:
        raise NotFound(_("There is no such questionnaire."))
    return row


def responses_of_order(order_id: int) -> list[Response]:
    """What was answered on an order, newest first, corrected answers as well."""
    rows = Response.objects.filter(order=order_id).select_related("questionnaire").prefetch_related("answers")
    return list(rows.order_by("-at", "-pk"))
