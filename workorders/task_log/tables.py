"""The task log as a list."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.directory.tables import ClippedColumn
from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn, ReferenceColumn
from workorders.console.text import trail_details
from workorders.orders.models import Transition
from workorders.orders.states import State

SYSTEM = "system"


class TaskLogTable(BaseTable):
    """Lines of TransitionQuerySet.for_log, newest first; any other order would sort a million of them."""

    at = DayColumn(verbose_name=_("Time"), orderable=False)
    order = ReferenceColumn(verbose_name=_("Order"), accessor="order__order_no", kind="workorder", orderable=False)
    customer_no = Column(verbose_name=_("Customer number"), accessor="order__customer__customer_no", orderable=False)
    customer = ClippedColumn(verbose_name=_("Customer"), accessor="order__customer__name", orderable=False)
    type = Column(verbose_name=_("Type"), accessor="order__type__title", orderable=False)
    team = Column(
        verbose_name=pgettext_lazy("team", "Group"),
        accessor="order__team__title",
        help_text=_("The group that the order lies with now."),
        orderable=False,
    )
    who = Column(verbose_name=pgettext_lazy("trail", "Who"), accessor="actor_name", orderable=False)
    move = Column(verbose_name=pgettext_lazy("trail", "Move"), accessor="move_label", orderable=False)
    before = Column(
        verbose_name=pgettext_lazy("trail", "From"),
        help_text=_("State or stage in which the order stood before."),
        empty_values=(),
        orderable=False,
    )
    after = Column(
        verbose_name=pgettext_lazy("trail", "To"),
        help_text=_("State or stage in which the order stood afterwards."),
        empty_values=(),
        orderable=False,
    )
    outcome = Column(verbose_name=_("Outcome"), accessor="disposition__title", orderable=False)
    details = Column(
        verbose_name=_("Reason and details"),
        help_text=_("Why it was done, to whom the order went and until when it waits, as far as the line says so."),
        empty_values=(),
        orderable=False,
    )

    caption = _("Task log")
    region_id = "task-log"
    empty_title = _("Nothing was done on these days")

    def __init__(self, *args: Any, teams: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = teams

    def render_who(self, record: Transition) -> str:
        if record.actor is not None:
            return record.actor.display_name
        return gettext("System") if record.actor_name == SYSTEM else record.actor_name

    def render_before(self, record: Any) -> str:
        return _place(record, record.from_stage, record.from_state)

    def render_after(self, record: Transition) -> str:
        return _place(record, record.stage, record.to_state)

    def render_details(self, record: Transition) -> str:
        return " · ".join(trail_details(record, self.teams)) or formats.DASH


def _place(record: Transition, stage: str | None, state: str) -> str:
    """The stage of the order's own version by its name, else the state."""
    known = record.order.type.staged.stage(stage) if stage else None
    if known is not None and known.title:
        return known.title
    return str(State(state).label) if state else formats.DASH
