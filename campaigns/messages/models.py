"""Templates of messages, the messages, what customers write back, and the pace of each channel."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.messages.rules import MAX_PARTS, measure, unbalanced, variables_in
from campaigns.messages.states import State
from campaigns.messages.variables import VARIABLES
from campaigns.outreach.models import ContactPurpose, RefusalReason
from campaigns.outreach.rules import ORDER_CALL
from customers.facts.models import Subscriber, unchecked_foreign_key
from customers.lists.models import ListEntry
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.db.models import pick
from retention.core.errors import Invalid
from retention.core.managed.models import Approvable, ManagedQuerySet

# Channels with a gateway.
CHANNELS = [(one.value, one.label) for one in (ListEntry.Channel.SMS, ListEntry.Channel.EMAIL, ListEntry.Channel.APP)]
MAX_SMS, MAX_EMAIL = 670, 5000


class MessageTemplateQuerySet(ManagedQuerySet["MessageTemplate"]):
    def usable(self) -> Self:
        """Approved and switched on."""
        return self.filter(enabled=True).order_by("code")

    def for_list(self) -> Self:
        return self.select_related("branch").order_by("-enabled", "code")


class MessageTemplate(Approvable):
    """A text that may be sent 短信模板: one body a language, with variables in braces from a closed list.

    valid_hours: a message that could not be sent within so many hours is not sent at all. A change takes back the
    approval; messages that are queued keep the text that was approved.
    """

    editable = (
        "name", "name_zh", "branch", "channel", "purpose", "subject", "subject_zh", "body", "body_zh", "valid_hours",
    )  # fmt: skip
    view_permission, edit_permission, approve_permission = "messages.view", "messages.edit", "messages.edit"

    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS, default=ListEntry.Channel.SMS)
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=ContactPurpose.choices, default=ContactPurpose.RETENTION
    )
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    subject_zh = models.CharField(_("subject (Chinese)"), max_length=120, blank=True)
    body = models.TextField(_("text"), max_length=MAX_EMAIL, blank=True)
    body_zh = models.TextField(_("text (Chinese)"), max_length=MAX_EMAIL, blank=True)
    valid_hours = models.PositiveSmallIntegerField(_("valid for hours"), default=72)

    objects = MessageTemplateQuerySet.as_manager()

    class Meta(Approvable.Meta):
        constraints = [
            *Approvable.Meta.constraints,
            models.CheckConstraint(condition=~Q(body="") | ~Q(body_zh=""), name="template_has_text"),
        ]
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")

    @property
    def words(self) -> str:
        """The text in the reader's language, else in the other."""
        return pick(self.body, self.body_zh) or self.body or self.body_zh

    @property
    def is_sms(self) -> bool:
        return self.channel == ListEntry.Channel.SMS

    def texts(self) -> dict[str, str]:
        """{field: its text} of all that is written."""
        names = ("subject", "subject_zh", "body", "body_zh")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def normalize(self) -> None:
        if self.is_sms:
            self.subject = self.subject_zh = ""
        if not (self.body or self.body_zh):
            raise _wrong("body", "required", _("Write the text in one language at least."))
        for name in ("body", "body_zh"):
            if not self.is_sms and getattr(self, name) and not getattr(self, name.replace("body", "subject")):
                words = _("A message over this channel needs a subject.")
                raise _wrong(name.replace("body", "subject"), "required", words)
        for name, text in self.texts().items():
            self._check(name, text)

    def _check(self, name: str, text: str) -> None:
        if unbalanced(text):
            raise _wrong(name, "unbalanced", _("A brace stands alone. A variable is written as {name}."))
        for variable in variables_in(text):
            if variable not in VARIABLES:
                known = ", ".join(f"{{{one}}}" for one in VARIABLES)
                words = _("There is no {%(name)s} here; known are %(known)s.") % {"name": variable, "known": known}
                raise _wrong(name, "unknown_variable", words)
        if self.is_sms and (len(text) > MAX_SMS or measure(text).parts > MAX_PARTS):
            raise _wrong(name, "too_long", _("An SMS may have at most %(parts)s parts.") % {"parts": MAX_PARTS})


def _wrong(field: str, code: str, text: Any) -> Invalid:
    return Invalid(str(text), details=[{"field": field, "code": code, "message": str(text)}])


class Obstacle(models.TextChoices):
    """Why a message that the gate allows cannot be sent."""

    NO_ADDRESS = "no_address", _("No number or address")
    MISSING_VALUE = "missing_value", _("A variable has no value")
    TOO_LONG = "too_long", _("The text is too long")
    OPTED_OUT = "opted_out", _("The customer opted out")
    WITHDRAWN = "withdrawn", _("Taken back by the sender")


REASONS = [*Obstacle.choices, *RefusalReason.choices]
REASON_LABELS = dict(REASONS)


def source_of(origin_kind: str, origin_key: str) -> str:
    """`scenario:S13` of the key `S13:2026-11-20`: the occasion is left out."""
    return f"{origin_kind}:{origin_key.partition(':')[0]}"[:60]


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> Self:
        """Administrators: all. Managers and analysts: of their branch and below. Others: of customers they may see.

        Test messages belong to the branch of who sent them.
        """
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return self.filter(subscriber__in=Subscriber.objects.visible_to(user))

    def for_list(self) -> Self:
        rows = self.select_related("template", "subscriber__account__customer", "branch")
        return rows.order_by("-queued_at", "-pk")

    def in_app_of(self, subscriber_no: str, *, now: datetime) -> Self:
        """What the app shows of a line, the newest first: sent, read or not, and still valid."""
        there = self.filter(channel=ListEntry.Channel.APP, to=subscriber_no, expires_at__gt=now)
        return there.filter(state__in=(State.SENT, State.DELIVERED)).order_by("-sent_at", "-pk")

    def of_customer(self, customer_id: int) -> Self:
        return self.filter(customer=customer_id).select_related("template", "subscriber").order_by("-queued_at", "-pk")

    def of_calls(self, order_no: str, customer_id: int) -> Self:
        """What agents have sent during the calls of an order, newest first."""
        return self.of_customer(customer_id).filter(origin_kind=ORDER_CALL, origin_key__startswith=f"{order_no}:")


class Message(models.Model):
    """One intent to tell one customer one thing 短信群发: never sent twice.

    reference: ours, written before any call, made of the intent, so that the same intent has the same one after a
    restore too. provider_ref: the provider's own number. origin_kind, origin_key: who asked (`scenario`, `S13:2026-11-
    20`). template_version: of the approved text that `subject` and `text` were made of. parts: of an SMS. due_at: of a
    waiting message when it may be sent, of one being sent when its sender counts as lost, of an unknown one when the
    provider is asked again; None: never. reason: Obstacle or RefusalReason. detail: what the provider said.
    """

    reference = models.CharField(_("number"), max_length=20, unique=True)
    origin_kind = models.CharField(_("origin"), max_length=20)
    origin_key = models.CharField(_("origin"), max_length=60)
    template = models.ForeignKey(MessageTemplate, models.PROTECT, related_name="messages")
    template_version = models.PositiveIntegerField(_("version"))
    customer = unchecked_foreign_key("customers.Customer", related_name="messages", db_index=False, null=True)
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="messages", db_index=False, null=True)
    branch = unchecked_foreign_key("core.Branch", related_name="+", db_index=False, null=True)
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS)
    purpose = models.CharField(_("purpose"), max_length=12, choices=ContactPurpose.choices)
    to = models.CharField(_("to"), max_length=120)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"))
    parts = models.PositiveSmallIntegerField(_("parts"), default=1)
    priority = models.PositiveSmallIntegerField(_("priority"), default=5)
    is_test = models.BooleanField(_("test"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(pgettext_lazy("message", "reason"), max_length=24, choices=REASONS, blank=True)
    detail = models.CharField(_("what the provider said"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    gateway = models.CharField(_("gateway"), max_length=20, blank=True)
    provider_ref = models.CharField(_("number at the provider"), max_length=80, blank=True)
    queued_at = models.DateTimeField(_("queued"))
    due_at = models.DateTimeField(_("due"), null=True)
    claimed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(pgettext_lazy("message", "sent"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin_kind", "origin_key", "customer", "template"], name="message_of_intent_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.REFUSED, State.CANCELLED]) | ~Q(reason=""), name="message_not_sent_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.QUEUED, State.SENDING]) | Q(due_at__isnull=False), name="message_due"
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "priority", "id"], condition=Q(state="queued"), name="message_waiting"),
            models.Index(fields=["due_at"], condition=Q(state__in=["sending", "unknown"]), name="message_in_doubt"),
            models.Index(fields=["expires_at"], condition=Q(state="queued"), name="message_expiring"),
            models.Index(fields=["expires_at"], condition=Q(channel="app", state="sent"), name="message_unread_in_app"),
            models.Index(fields=["queued_at"], condition=~Q(text=""), name="message_with_text"),
            models.Index(fields=["to", "-queued_at"], name="message_to"),
            models.Index(fields=["provider_ref"], condition=~Q(provider_ref=""), name="message_at_provider"),
            models.Index(fields=["customer", "-queued_at"], name="message_of_customer"),
            models.Index(fields=["subscriber"], name="message_of_line"),
            models.Index(F("queued_at").desc(), F("id").desc(), name="message_newest"),
        ]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return self.reference

    @property
    def source(self) -> str:
        """Who asked for it, as the contact ledger names it."""
        return source_of(self.origin_kind, self.origin_key)

    @property
    def is_purged(self) -> bool:
        """Whether its text and address have been removed by age."""
        return not self.text


class ReplyQuerySet(models.QuerySet["Reply"]):
    def after(self, message: Message) -> Self:
        """What came from where the message went, since it was queued, newest first."""
        if message.is_purged:
            return self.none()
        since = self.filter(sender=message.to, channel=message.channel, received_at__gte=message.queued_at)
        return since.order_by("-at", "-pk")


class Reply(models.Model):
    """What a customer wrote back, once each. reply_no: the provider's number of it. opted_out: it asked for no more."""

    reply_no = models.CharField(_("number at the provider"), max_length=80, unique=True)
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS)
    sender = models.CharField(_("from"), max_length=120)
    text = models.CharField(_("text"), max_length=500)
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received"))
    opted_out = models.BooleanField(_("opted out"), default=False)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sender"], name="reply_of_sender"),
            models.Index(fields=["received_at"], name="reply_received"),
        ]
        verbose_name, verbose_name_plural = _("reply"), _("replies")

    def __str__(self) -> str:
        return self.reply_no


class Pace(models.Model):
    """When the next messages of a channel may go out: one row a channel, which all senders move on together."""

    channel = models.CharField(max_length=8, primary_key=True, choices=CHANNELS)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.channel
