"""The history of visits, and one line for each type of visit."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.directory.tables import ClippedColumn
from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    Column,
    DayColumn,
    DurationColumn,
    NumberColumn,
    PercentColumn,
    ReferenceColumn,
)
from retention.core.ui.tables.detail import DetailTable
from workorders.orders.models import Transition
from workorders.supervision.periods import Period


class VisitHistoryTable(BaseTable):
    """Contacts of queries.visits_for with_recordings."""

    at = DayColumn(verbose_name=_("Saved"))
    order = ReferenceColumn(verbose_name=_("Order"), accessor="order__order_no", kind="workorder")
    type = Column(verbose_name=_("Visit"), accessor="order__type__title", order_by="order__type__code")
    customer = ClippedColumn(verbose_name=_("Customer"), accessor="order__customer__name", orderable=False)
    line_type = Column(
        verbose_name=_("Line type"), accessor="order__subscriber__get_line_type_display", orderable=False
    )
    branch = ClippedColumn(verbose_name=_("Branch"), accessor="order__branch__name", order_by="order__branch__name")
    agent = Column(verbose_name=_("Agent"), accessor="actor_name", order_by="actor_name")
    outcome = Column(verbose_name=_("Outcome"), accessor="disposition__title", order_by="disposition__code")
    seconds = DurationColumn(
        verbose_name=_("Length"),
        help_text=_("From the start of the call until its outcome was saved."),
        empty_values=(),
        orderable=False,
    )
    share = PercentColumn(
        verbose_name=_("Points"),
        help_text=_("Points of the answers, of the most that the questions asked could give."),
        empty_values=(),
        orderable=False,
    )
    recording = Column(verbose_name=_("Recording"), empty_values=(), orderable=False, exclude_from_export=True)

    caption = _("Visit history")
    region_id = "visits"
    empty_title = _("No visit in this period")
    empty_text = _(
        "Calls of new-subscriber, mid- and high-value, full-network, broadband and wireless-landline visits."
    )

    class Meta(BaseTable.Meta):
        order_by = ("-at",)

    def render_seconds(self, record: Transition, bound_column: Any) -> str:
        return formats.show(self.value_seconds(record), bound_column.column.show)

    def value_seconds(self, record: Transition) -> int | None:
        began_at = getattr(record, "began_at", None)
        return int((record.at - began_at).total_seconds()) if began_at else None

    def render_share(self, record: Any) -> str:
        return formats.show(self.value_share(record), "percent")

    def value_share(self, record: Any) -> float | None:
        return record.score / record.possible if record.possible else None

    def render_recording(self, record: Any) -> SafeString | str:
        if not (record.call and settings.CALL_RECORDING_URL):
            return formats.DASH
        return format_html(
            '<a href="{}">{}</a>', reverse("workorders:recording", args=[record.call]), gettext("Listen")
        )


class VisitKindTable(DetailTable):
    """Rows of queries.count_by_type; a row leads to its visits, and to the results of its questionnaire."""

    title = Column(verbose_name=_("Visit"))
    visits = NumberColumn(verbose_name=_("Orders"), help_text=_("Orders with a contact in the period."))
    contacts = NumberColumn(verbose_name=_("Contacts"))
    reached = NumberColumn(verbose_name=_("Reached"))
    reach_rate = PercentColumn(verbose_name=_("Reach rate"), help_text=_("Reached, of the contacts."))
    kept = NumberColumn(
        verbose_name=_("Retained or accepted"),
        help_text=_("Contacts after which the customer stays or takes an offer."),
    )
    refused = NumberColumn(verbose_name=_("Refused"), help_text=_("Contacts that ended with a refusal."))
    answered = NumberColumn(
        verbose_name=_("Answered"), help_text=_("Contacts in which a questionnaire was answered, as far as it stands.")
    )
    score = PercentColumn(
        verbose_name=_("Points"), help_text=_("Points of these answers, of the most that the questions could give.")
    )
    questionnaire = Column(verbose_name=_("Evaluation"))

    caption = _("Visits by kind")

    def __init__(self, rows: Sequence[dict[str, Any]], *, period: Period) -> None:
        super().__init__(rows)
        self.days = {"after": period.first.isoformat(), "before": period.last.isoformat()}

    def row_url(self, record: dict[str, Any]) -> str:
        return f"{reverse('visits:history')}?{urlencode(self.days | {'type': record['code']})}"

    def render_questionnaire(self, value: str) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("survey_results:results", args=[value]), gettext("Results"))
