"""The list of questionnaires, and the versions of one."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from retention.core.ui.formats import moment
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, NumberColumn, TimeColumn
from retention.core.ui.tables.detail import DetailTable
from workorders.surveys.models import Questionnaire


class QuestionnaireTable(BaseTable):
    """Newest versions; `asking`: {code: titles of the order types that ask it}."""

    name = Column(verbose_name=_("Questionnaire"), accessor="title", order_by="name")
    code = Column(verbose_name=_("Code"))
    state = Column(verbose_name=_("State"))
    version = NumberColumn(verbose_name=_("Version"))
    questions = NumberColumn(verbose_name=_("Questions"), empty_values=(), orderable=False)
    types = Column(verbose_name=_("Order types that ask it"), empty_values=(), orderable=False)
    edited_at = TimeColumn(verbose_name=_("Edited"))

    caption = _("Scripts and questionnaires")
    region_id = "questionnaires"
    empty_title = _("No questionnaires yet")

    def __init__(self, *args: Any, asking: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asking = asking

    def row_url(self, record: Questionnaire) -> str:
        return reverse("surveys:questionnaire", args=[record.code])

    def render_questions(self, record: Questionnaire) -> SafeString | str:
        return NumberColumn().render(len(record.as_tree().questions))

    def value_questions(self, record: Questionnaire) -> int:
        return len(record.as_tree().questions)

    def render_types(self, record: Questionnaire) -> str:
        return self.asking.get(record.code, "–")

    def value_types(self, record: Questionnaire) -> str:
        return self.asking.get(record.code, "")


class VersionTable(DetailTable):
    """Versions with `answered`, the responses that stand."""

    version = NumberColumn(verbose_name=_("Version"))
    state = Column(verbose_name=_("State"), accessor="get_state_display")
    published_at = TimeColumn(verbose_name=_("Published"))
    edited_by = Column(verbose_name=_("Edited by"), accessor="edited_by__display_name")
    answered = NumberColumn(verbose_name=_("Responses"))
    preview = Column(verbose_name=_("Preview"), empty_values=())

    caption = _("Versions")

    def render_published_at(self, value: datetime, column: TimeColumn) -> str:
        return moment(value)

    def render_preview(self, record: Questionnaire) -> SafeString:
        address = reverse("surveys:preview", args=[record.code, record.version])
        return format_html('<a href="{}">{}</a>', address, _("Preview"))
