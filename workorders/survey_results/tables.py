"""The responses of a questionnaire with every answer, and the evaluation of visits."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn, NumberColumn, PercentColumn
from retention.core.ui.tables.detail import DetailTable
from workorders.survey_results.visits import MEASURES
from workorders.surveys.models import Response
from workorders.surveys.text import format_values
from workorders.surveys.tree import Block


class AnswerColumn(Column):
    """The answer to one question; `empty_values` so that it is asked for every row."""

    def __init__(self, block: Block) -> None:
        super().__init__(verbose_name=block.title, empty_values=(), orderable=False)
        self.block = block

    def render(self, record: Response) -> str:
        return self.value(record) or formats.DASH

    def value(self, record: Response) -> str:
        values = [one.value for one in record.answers.all() if one.question == self.block.key]
        return format_values(self.block, values)


class ResponseTable(BaseTable):
    order_no = Column(verbose_name=_("Order"), accessor="order__order_no")
    at = DayColumn(verbose_name=_("Time"))
    branch = Column(verbose_name=_("Branch"), accessor="order__branch__name")
    type = Column(verbose_name=_("Order type"), accessor="order__type__title", orderable=False)
    agent_name = Column(verbose_name=_("Agent"))
    disposition = Column(verbose_name=_("Disposition"), accessor="disposition__title", order_by="disposition__code")
    version = NumberColumn(verbose_name=_("Version"), accessor="questionnaire__version")
    score = NumberColumn(verbose_name=_("Points"))
    possible = NumberColumn(verbose_name=_("Possible points"))

    caption = _("Responses")
    region_id = "responses"
    empty_title = _("No responses")
    empty_text = _("What agents save on calls that ask this questionnaire is counted here.")

    def __init__(self, *args: Any, questions: Sequence[Block], **kwargs: Any) -> None:
        asked = [(f"q_{block.key}", AnswerColumn(block)) for block in questions]
        super().__init__(*args, extra_columns=asked, **kwargs)

    def row_url(self, record: Response) -> str:
        return reverse("workorders:order", args=[record.order.order_no])


class VisitTable(DetailTable):
    """Rows of visits.evaluate."""

    group = Column(verbose_name=_("Group"))
    responses = NumberColumn(verbose_name=_("Responses"))

    caption = _("Evaluation of visits")
    empty_text = _("No visits in this period.")

    def __init__(self, rows: Sequence[Mapping[str, Any]], *, by: object) -> None:
        columns = [
            (key, PercentColumn(verbose_name=one.label) if one.values else NumberColumn(verbose_name=one.label))
            for key, one in MEASURES.items()
        ]
        super().__init__(rows, extra_columns=columns)
        self.columns["group"].column.verbose_name = by
