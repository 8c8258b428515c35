"""The lists of the message pages."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.messages.models import Message, MessageTemplate
from campaigns.messages.queries.preview import Sample
from campaigns.messages.text import (
    LANGUAGES,
    STATE_TONES,
    format_address,
    format_length,
    format_origin,
    format_reason,
)
from campaigns.messages.variables import VARIABLES
from retention.core.managed.states import State as Approval
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import SENTENCE, BadgeColumn, Column, DayColumn, NumberColumn, SwitchColumn
from retention.core.ui.tables.detail import DetailTable, YesNoColumn

APPROVAL_TONES = {
    Approval.DRAFT: ("neutral", "edit"),
    Approval.SUBMITTED: ("info", "hourglass"),
    Approval.APPROVED: ("good", "check"),
}


class MessageTable(BaseTable):
    """Messages of `for_list()`."""

    queued_at = DayColumn(verbose_name=gettext_lazy("Queued"))
    state = BadgeColumn(verbose_name=gettext_lazy("State"), tones=STATE_TONES)
    channel = Column(verbose_name=gettext_lazy("Channel"))
    to = Column(verbose_name=pgettext_lazy("message", "To"), orderable=False, attrs={"td": {"class": "rp-mono"}})
    customer = Column(
        verbose_name=gettext_lazy("Customer"),
        accessor="subscriber__account__customer__name",
        orderable=False,
        default="–",
    )
    template = Column(verbose_name=gettext_lazy("Template"), accessor="template__title", order_by="template__code")
    origin = Column(verbose_name=gettext_lazy("Origin"), empty_values=(), order_by=("origin_kind", "origin_key"))
    reason = Column(
        verbose_name=pgettext_lazy("message", "Reason"),
        help_text=gettext_lazy("The rule that stopped it, or what the provider said."),
        empty_values=(),
        orderable=False,
        attrs=SENTENCE,
    )
    parts = NumberColumn(
        verbose_name=gettext_lazy("Parts"), help_text=gettext_lazy("SMS of which it is made, known once it is sent.")
    )
    sent_at = DayColumn(verbose_name=pgettext_lazy("message", "Sent"), default="–")
    settled_at = DayColumn(verbose_name=gettext_lazy("Settled"), default="–")
    branch = Column(verbose_name=gettext_lazy("Branch"), accessor="branch__name", orderable=False, default="–")

    caption = gettext_lazy("Messages")
    region_id = "messages"
    empty_title = gettext_lazy("No messages")
    empty_text = gettext_lazy("Scenarios and campaigns queue messages; each stands here with what became of it.")

    def row_url(self, record: Message) -> str:
        return reverse("messages:message", args=[record.reference])

    def render_to(self, value: str, record: Message) -> str:
        return format_address(record.channel, value)

    def value_to(self, value: str, record: Message) -> str:
        return format_address(record.channel, value)

    def render_origin(self, record: Message) -> str:
        return format_origin(record)

    def value_origin(self, record: Message) -> str:
        return format_origin(record)

    def render_reason(self, record: Message) -> str:
        return format_reason(record) or "–"

    def value_reason(self, record: Message) -> str:
        return format_reason(record)


class TemplateTable(BaseTable):
    """Templates of `for_list()`."""

    name = Column(verbose_name=gettext_lazy("Template"), order_by="code")
    channel = Column(verbose_name=gettext_lazy("Channel"))
    purpose = Column(verbose_name=gettext_lazy("Purpose"))
    state = BadgeColumn(verbose_name=gettext_lazy("State"), tones=APPROVAL_TONES)
    enabled = SwitchColumn()
    words = Column(verbose_name=gettext_lazy("Text"), orderable=False, attrs=SENTENCE)
    branch = Column(verbose_name=gettext_lazy("Branch"), accessor="branch__name", orderable=False, default="–")

    caption = gettext_lazy("Message templates")
    region_id = "templates"
    empty_title = gettext_lazy("No templates yet")
    empty_text = gettext_lazy("A template is a text that a second person has approved.")

    def row_url(self, record: MessageTemplate) -> str:
        return reverse("messages:messagetemplate", args=[record.code])

    def render_name(self, record: MessageTemplate) -> SafeString:
        return format_html('{} <span class="rp-muted rp-small">{}</span>', record.title, record.code)

    def value_name(self, record: MessageTemplate) -> str:
        return f"{record.code} {record.title}"


class SampleTable(DetailTable):
    """How a template reads in each language, with example values; rows are Sample."""

    language = Column(verbose_name=gettext_lazy("Language"))
    subject = Column(verbose_name=gettext_lazy("Subject"))
    text = Column(verbose_name=gettext_lazy("Text"), attrs=SENTENCE)
    length = Column(verbose_name=gettext_lazy("Length"))

    caption = gettext_lazy("With example values")
    css = "rp-mini"

    def __init__(self, samples: list[Sample], *, is_sms: bool) -> None:
        super().__init__(samples, exclude=("subject",) if is_sms else ("length",))

    def render_language(self, value: str) -> str:
        return LANGUAGES[value]

    def render_length(self, value: Any) -> str:
        return format_length(value)


class VariableTable(DetailTable):
    """The variables that a text may use."""

    variable = Column(verbose_name=gettext_lazy("Variable"), attrs={"td": {"class": "rp-mono"}})
    label = Column(verbose_name=gettext_lazy("Meaning"))
    example = Column(verbose_name=gettext_lazy("Example"))

    caption = gettext_lazy("Variables")
    css = "rp-mini"

    def __init__(self) -> None:
        super().__init__(
            [
                {"variable": f"{{{name}}}", "label": one.label, "example": " / ".join(dict.fromkeys(one.example))}
                for name, one in VARIABLES.items()
            ]
        )


class QueueTable(DetailTable):
    """One row a channel: queries.queue.channels()."""

    channel = Column(verbose_name=gettext_lazy("Channel"))
    gateway = Column(verbose_name=gettext_lazy("Gateway"))
    due = NumberColumn(
        verbose_name=gettext_lazy("Due now"), help_text=gettext_lazy("They go out as fast as the pace allows.")
    )
    later = NumberColumn(
        verbose_name=gettext_lazy("Due later"), help_text=gettext_lazy("They wait for their hours, or are tried again.")
    )
    sending = NumberColumn(
        verbose_name=gettext_lazy("Being sent"),
        help_text=gettext_lazy("In the hands of a sender, or of one that was lost."),
    )
    unknown = NumberColumn(
        verbose_name=gettext_lazy("In doubt"),
        help_text=gettext_lazy("The provider did not answer. They are never sent again on a guess."),
    )
    a_minute = NumberColumn(
        verbose_name=gettext_lazy("Sent a minute"), help_text=gettext_lazy("Over the last ten minutes.")
    )
    rate = NumberColumn(
        verbose_name=gettext_lazy("At most a second"),
        help_text=gettext_lazy("The pace of the channel, all senders together."),
    )
    hours = Column(verbose_name=gettext_lazy("Hours"), attrs=SENTENCE)

    caption = gettext_lazy("Message queue")
    css = "rp-mini"


class ReplyTable(DetailTable):
    """What a customer wrote back."""

    at = DayColumn(verbose_name=gettext_lazy("When"))
    text = Column(verbose_name=gettext_lazy("Text"), attrs=SENTENCE)
    opted_out = YesNoColumn(verbose_name=gettext_lazy("Opted out"))

    caption = gettext_lazy("Replies")
    css = "rp-mini"


class LineMessageTable(DetailTable):
    """Messages to a customer, on the page of a line."""

    queued_at = DayColumn(verbose_name=gettext_lazy("Queued"))
    template = Column(accessor="template__title", verbose_name=gettext_lazy("Template"))
    state = BadgeColumn(verbose_name=gettext_lazy("State"), tones=STATE_TONES)
    text = Column(verbose_name=gettext_lazy("Text"), attrs=SENTENCE)
    reason = Column(verbose_name=pgettext_lazy("message", "Reason"), empty_values=(), attrs=SENTENCE)

    caption = gettext_lazy("Messages")
    css = "rp-mini"

    def render_reason(self, record: Message) -> str:
        return format_reason(record) or "–"
