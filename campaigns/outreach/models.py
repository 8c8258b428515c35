"""Vocabulary of the contact gate: purposes, outcomes, refusal reasons, and the policy set by an administrator."""

from datetime import time

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.errors import Invalid


class ContactPurpose(models.TextChoices):
    RETENTION = "retention", _("Retention")
    RENEWAL = "renewal", _("Renewal")
    CARE = "care", _("Care")
    SERVICE = "service", _("Service")
    MARKETING = "marketing", _("Marketing")


class ContactOutcome(models.TextChoices):
    """The outcome of one attempt, as far as the caps need it. The order's disposition has the detail."""

    CONNECTED = "connected", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class RefusalReason(models.TextChoices):
    """Refusal reasons of the gate, in the order of its checks."""

    RESTORED = "restored", _("Opt-outs are not applied after the restore")
    BLACKLISTED = "blacklisted", _("On the blacklist")
    FALSE_USER = "false_user", _("False user")
    DO_NOT_DISTURB = "do_not_disturb", _("Do not disturb")
    OWN_LIST = "own_list", _("On a list that blocks contact")
    CONSENT_REFUSED = "consent_refused", _("Consent refused")
    CONSENT_MISSING = "consent_missing", _("No consent given")
    ALREADY_RESERVED = "already_reserved", _("Another contact is planned")
    ATTEMPTS_SPENT = "attempts_spent", _("Call attempts used up")
    CONNECTED_LATELY = "connected_lately", _("Spoken to recently")
    MESSAGES_SPENT = "messages_spent", _("Message cap reached")
    QUIET_HOURS = "quiet_hours", _("Quiet hours")
    ORDER_OPEN = "order_open", _("Another order is open")


def marketing_only() -> list[str]:
    return [ContactPurpose.MARKETING]


def service_only() -> list[str]:
    return [ContactPurpose.SERVICE]


class ContactPolicyManager(models.Manager["ContactPolicy"]):
    def current(self) -> "ContactPolicy":
        """The policy in force: the single row, or the defaults without one."""
        return self.first() or self.model()


class ContactPolicy(models.Model):
    """Caps and calling hours of contacts with a customer, over all sources together. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    attempts = models.PositiveSmallIntegerField(_("call attempts"), default=3)
    attempts_days = models.PositiveSmallIntegerField(
        _("in days"), default=7, validators=[MinValueValidator(1)], help_text=_("Call attempts, reached or not.")
    )
    connected = models.PositiveSmallIntegerField(_("conversations"), default=1)
    connected_days = models.PositiveSmallIntegerField(
        _("conversations: in days"), default=30, validators=[MinValueValidator(1)], help_text=_("For one purpose.")
    )
    messages = models.PositiveSmallIntegerField(pgettext_lazy("contact policy", "messages"), default=4)
    messages_days = models.PositiveSmallIntegerField(
        _("messages: in days"), default=30, validators=[MinValueValidator(1)], help_text=_("SMS and e-mail.")
    )
    calls_from = models.TimeField(_("calls from"), default=time(9))
    calls_until = models.TimeField(_("calls until"), default=time(20))
    consent_needed = models.JSONField(
        _("purposes that need consent"),
        default=marketing_only,
        blank=True,
        help_text=_("For the others a refusal is enough to stop a contact; silence is not."),
    )
    uncapped = models.JSONField(
        _("purposes without caps"),
        default=service_only,
        blank=True,
        help_text=_("Contacts the customer asked for, such as service."),
    )

    objects = ContactPolicyManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="contact_policy_single"),
            models.CheckConstraint(condition=Q(calls_from__lt=F("calls_until")), name="contact_policy_hours"),
        ]
        verbose_name = verbose_name_plural = _("contact policy")

    def __str__(self) -> str:
        return str(_("Contact policy"))

    def require_hours(self) -> None:
        """Invalid when calls would end before they begin."""
        if self.calls_from >= self.calls_until:
            text = _("Calls must end later on the day than they begin.")
            raise Invalid(text, details=[{"field": "calls_until", "code": "before_start", "message": str(text)}])
