"""Figures of agents and groups, and the contacts and pauses behind them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    Column,
    DayColumn,
    DurationColumn,
    FigureAddress,
    FigureColumn,
    FigureDurationColumn,
    FigurePercentColumn,
    NumberColumn,
    PercentColumn,
    ReferenceColumn,
)  # fmt: skip
from retention.core.ui.tables.detail import DetailTable, YesNoColumn
from workorders.orders.models import Transition


class PerformanceTable(BaseTable):
    """One row an agent or a group, of the whole period, a day or a week. Rows: dicts of queries.rows_by."""

    title = Column(verbose_name=_("Agent"))
    when = DayColumn(verbose_name=_("Day"))
    contacts = FigureColumn(verbose_name=_("Contacts"), help_text=_("Calls with a result saved, reached or not."))
    connected = FigureColumn(
        verbose_name=_("Connected"), help_text=_("Calls that somebody took, the customer or another person.")
    )
    reached = FigureColumn(
        verbose_name=_("Right party reached"), help_text=_("Calls in which the customer spoke with the agent.")
    )
    reach_rate = PercentColumn(
        verbose_name=_("Reach rate"), help_text=_("Share of the calls in which the customer spoke with the agent.")
    )
    no_answer = FigureColumn(verbose_name=_("No answer"), help_text=_("Calls that nobody took."))
    kept = FigureColumn(
        verbose_name=_("Retained or accepted"),
        help_text=_("Calls after which the customer stays or takes an offer."),
    )
    kept_rate = PercentColumn(
        verbose_name=_("Retained of those reached"),
        help_text=_("Of the customers reached, the share that stays or takes an offer."),
    )
    closed = FigureColumn(verbose_name=_("Closed"), help_text=_("Orders that the call brought to their end."))
    closed_late = FigureColumn(
        verbose_name=_("Closed over time"),
        help_text=_("Of the orders closed, those whose time to close had run out."),
    )
    handling = FigureDurationColumn(
        verbose_name=_("Handling time"),
        help_text=_("From the start of the call until its outcome was saved, on average."),
        counted="timed",
    )
    appointments = FigureColumn(
        verbose_name=_("Appointments made"), help_text=_("Calls that ended with a time for the next one.")
    )
    appointments_kept = FigureColumn(
        verbose_name=_("Appointments kept"),
        help_text=_(
            "Of the appointments made, those for which a call began at most 30 minutes after the time promised."
        ),
    )
    paused = FigureDurationColumn(
        verbose_name=pgettext_lazy("length of pauses", "Paused"),
        help_text=_("Length of the pauses that began then, of whatever reason."),
    )

    mark = FigurePercentColumn(
        verbose_name=_("Mean mark"), help_text=_("Mean of the quality marks of the calls, on reviews that count.")
    )

    caption = _("Performance")
    region_id = "performance"
    empty_title = _("No work in this period")
    empty_text = _("Every saved call is counted for the agent who saved it.")

    def __init__(self, *args: Any, address: FigureAddress, title: Any, spanned: str, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if spanned else ("when",), **kwargs)
        self.address = address
        self.columns["title"].column.verbose_name = title
        if spanned:
            self.columns["when"].column.verbose_name = spanned


class PauseSumTable(DetailTable):
    title = Column(verbose_name=_("Agent"))
    reason = Column(verbose_name=_("Pause reason"))
    count = NumberColumn(verbose_name=_("Pauses"), help_text=_("Pauses of this reason that began in the period."))
    seconds = FigureDurationColumn(verbose_name=_("Length"), help_text=_("How long they lasted together."))

    caption = _("Pauses by reason")
    empty_text = _("No pause in this period.")

    def __init__(self, *args: Any, address: FigureAddress, title: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address
        self.columns["title"].column.verbose_name = title


class WorkedContactTable(BaseTable):
    """Contacts of queries.contacts_for; nothing of the customers."""

    at = DayColumn(verbose_name=_("Saved"))
    agent = Column(verbose_name=_("Agent"), accessor="actor__display_name", order_by="actor__username")
    team = Column(
        verbose_name=pgettext_lazy("team", "Group"), accessor="order__team__title", order_by="order__team__code"
    )
    order = ReferenceColumn(verbose_name=_("Order"), accessor="order__order_no", kind="workorder")
    type = Column(verbose_name=_("Type"), accessor="order__type__title", order_by="order__type__code")
    outcome = Column(verbose_name=_("Outcome"), accessor="disposition__title", order_by="disposition__code")
    seconds = DurationColumn(
        verbose_name=_("Length"),
        help_text=_("From the start of the call until its outcome was saved."),
        empty_values=(),
        orderable=False,
    )
    promised_at = DayColumn(verbose_name=_("Appointment"), orderable=False)

    caption = _("Contacts")
    region_id = "contacts"
    empty_title = _("No contact in this period")

    class Meta(BaseTable.Meta):
        order_by = ("-at",)

    def render_seconds(self, record: Transition, bound_column: Any) -> str:
        return bound_column.column.render(self.value_seconds(record))

    def value_seconds(self, record: Transition) -> int | None:
        began_at: datetime | None = getattr(record, "began_at", None)
        return int((record.at - began_at).total_seconds()) if began_at else None


class TakenPauseTable(BaseTable):
    """Pauses of queries.pauses_for."""

    agent = Column(verbose_name=_("Agent"), accessor="agent__display_name", order_by="agent__username")
    reason = Column(verbose_name=_("Pause reason"), accessor="code__title", order_by="code__position")
    began_at = DayColumn(verbose_name=_("Began"))
    ended_at = DayColumn(verbose_name=_("Ended"))
    seconds = DurationColumn(verbose_name=_("Length"), accessor="length_so_far", order_by="length_so_far")
    ended_by = Column(verbose_name=_("Ended by"), accessor="get_ended_by_display", orderable=False)
    worked = YesNoColumn(verbose_name=_("Counts as work"), accessor="code__worked")

    caption = _("Pauses")
    region_id = "pauses"
    empty_title = _("No pause in this period")

    class Meta(BaseTable.Meta):
        order_by = ("-began_at",)

    def render_seconds(self, record: Any, bound_column: Any) -> str:
        return formats.show(self.value_seconds(record), bound_column.column.show)

    def value_seconds(self, record: Any) -> int:
        return int(record.length_so_far.total_seconds())
