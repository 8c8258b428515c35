"""The tables of the knowledge pages."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from retention.core.ui import components, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import SENTENCE, BadgeColumn, Column, DayColumn, NumberColumn, ReferenceColumn
from retention.core.ui.tables.detail import DetailTable
from workorders.knowledge.kinds import Standing
from workorders.knowledge.models import Article, ArticleVersion, Suggestion
from workorders.knowledge.text import STANDING_TONES, WISH_TONES, quoted
from workorders.orders.models import WorkOrder
from workorders.orders.text import STATE_TONES


class ArticleTable(BaseTable):
    """Articles of `queries.listing`; each as it is read, where it is read."""

    name = Column(verbose_name=_("Title"), order_by="name", attrs=SENTENCE)
    kind = Column(verbose_name=_("Kind"), empty_values=())
    question = Column(verbose_name=_("The customer says"), empty_values=(), orderable=False, attrs=SENTENCE)
    standing = Column(verbose_name=_("State"))
    useful = NumberColumn(verbose_name=_("Useful"))
    calls = NumberColumn(verbose_name=_("Opened on calls"))
    successes = NumberColumn(verbose_name=_("Used in successful calls"))
    approved = DayColumn(verbose_name=_("Approved"), accessor="current__approved_at", default=formats.DASH)

    caption = _("Knowledge base")
    region_id = "articles"
    empty_title = _("No articles yet")
    empty_text = _("An article says what helps on a call, once a second person has approved it.")

    def __init__(self, *args: Any, approves: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if approves:
            self.bulk_actions = ({"value": "approve", "label": gettext("Approve what is submitted"), "icon": "check"},)
            self.bulk_url = reverse("knowledge:approve-selected")

    def row_value(self, record: Article) -> str:
        return record.code

    def row_url(self, record: Article) -> str:
        return reverse("knowledge:article", args=[record.code])

    def render_name(self, record: Article) -> SafeString:
        return format_html('{} <span class="rp-muted rp-small">{}</span>', _read(record).title, record.code)

    def value_name(self, record: Article) -> str:
        return f"{record.code} {_read(record).title}"

    def render_kind(self, record: Article) -> str:
        return str(_read(record).get_kind_display())

    def value_kind(self, record: Article) -> str:
        return self.render_kind(record)

    def render_question(self, record: Article) -> SafeString:
        tags = " ".join(f"#{tag}" for tag in _read(record).labels)
        return format_html('{} <span class="rp-muted rp-small">{}</span>', quoted(_read(record)), tags)

    def value_question(self, record: Article) -> str:
        return _read(record).asked

    def render_standing(self, value: str) -> SafeString:
        return format_badge(value)

    def value_standing(self, value: str) -> str:
        return str(Standing(value).label)

    def render_useful(self, record: Any) -> str:
        return f"{formats.number(record.useful)} / {formats.number(record.voted)}" if record.voted else formats.DASH


def format_badge(standing: str) -> SafeString:
    tone, icon = STANDING_TONES[Standing(standing)]
    return components.badge(Standing(standing).label, tone, icon)


def _read(record: Article) -> Any:
    """What is read of an article; what is written of one that is not read."""
    return record.current or record


class PublishedTable(DetailTable):
    """The versions of an article that were read; each leads to what it changed."""

    number = Column(verbose_name=_("Version"))
    approved_at = DayColumn(verbose_name=_("Approved"))
    approved_by = Column(verbose_name=_("By whom"), accessor="approved_by__display_name")
    author = Column(verbose_name=_("Written by"), accessor="author__display_name", default=formats.DASH)

    caption = _("Versions")
    css = "rp-mini"

    def __init__(self, versions: list[ArticleVersion], *, compare_url: str) -> None:
        super().__init__(versions)
        self.compare_url = compare_url
        self.before = {one.number: old.number for one, old in zip(versions, versions[1:], strict=False)}

    def row_url(self, record: ArticleVersion) -> str:
        return f"{self.compare_url}?old={self.before.get(record.number, record.number)}&new={record.number}"


class SuggestionTable(BaseTable):
    """Suggestions of `for_list()`."""

    at = DayColumn(verbose_name=_("When"))
    article = Column(verbose_name=_("Article"), empty_values=(), orderable=False)
    text = Column(verbose_name=_("Suggestion"), orderable=False, attrs=SENTENCE)
    person = Column(verbose_name=_("By"), accessor="person__display_name", orderable=False)
    state = BadgeColumn(verbose_name=_("State"), tones=WISH_TONES)
    answer = Column(verbose_name=_("Answer"), orderable=False, attrs=SENTENCE)

    caption = _("Suggestions")
    region_id = "suggestions"
    empty_title = _("No suggestions")
    empty_text = _("What readers of the knowledge base would like to be different stands here.")

    def row_url(self, record: Suggestion) -> str:
        return reverse("knowledge:suggestion", args=[record.pk])

    def render_article(self, record: Suggestion) -> Any:
        return record.article.title if record.article else _("A new article")

    def value_article(self, record: Suggestion) -> str:
        return record.article.code if record.article else ""


class ArticleCallTable(BaseTable):
    """Orders on whose call screen an article was opened."""

    order_no = ReferenceColumn(verbose_name=_("Order"), kind="workorder")
    type = Column(verbose_name=_("Type"), accessor="type__title", order_by="type__code")
    opened_by = Column(verbose_name=pgettext_lazy("article", "Opened by"), empty_values=(), orderable=False)
    opened_on_call = DayColumn(verbose_name=pgettext_lazy("article", "Opened"), accessor="article_opened_at")
    version = NumberColumn(verbose_name=_("Version"), accessor="article_version")
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES)
    outcome = Column(
        verbose_name=_("Outcome"), accessor="disposition__title", order_by="disposition__code", default="–"
    )
    closed_at = DayColumn(verbose_name=_("Closed"), default="–")

    caption = _("Calls with the article")
    region_id = "calls"
    empty_title = _("Not opened on a call yet")
    empty_text = _("Each order on whose call screen an agent opens the article stands here.")

    def render_opened_by(self, record: WorkOrder) -> str:
        return record.openings_here[0].agent.display_name  # type: ignore[attr-defined]

    def value_opened_by(self, record: WorkOrder) -> str:
        return self.render_opened_by(record)
