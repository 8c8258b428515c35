"""Vocabulary of the contact gate: purposes, outcomes, refusal reasons, and the policy set by an administrator."""

from datetime import time
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.outreach.rules import Hours
from customers.lists.models import ListEntry
from retention.core.errors import Invalid

Channel = ListEntry.Channel
POLICY_ACTION, POLICY_TARGET = "contact_policy.change", "contactpolicy"


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
    PROFILING_OPT_OUT = "profiling_opt_out", _("Opted out of profiling")
    HELD_OUT = "held_out", _("Held out for measurement")
    ALREADY_RESERVED = "already_reserved", _("Another contact is planned")
    ATTEMPTS_SPENT = "attempts_spent", _("Call attempts used up")
    CONNECTED_LATELY = "connected_lately", _("Spoken to recently")
    MESSAGES_SPENT = "messages_spent", _("Message cap reached")
    CONTACTS_SPENT = "contacts_spent", _("Contact cap reached")
    PURPOSE_SPENT = "purpose_spent", _("Contact cap of the purpose reached")
    BUDGET_KEPT = "budget_kept", _("Kept for more important purposes")
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


def purposes_that_matter() -> list[str]:
    return [ContactPurpose.RETENTION, ContactPurpose.RENEWAL, ContactPurpose.SERVICE]


class ContactPolicy(models.Model):
    """Caps, hours and consent of contacts with a customer, over all sources together. One row.

    purpose_caps: {purpose: contacts} within contacts_days, a cap of its own inside the one for all. kept: of the call
    attempts, and of all contacts, those that only the purposes in kept_for may use. *_quiet_days: ISO weekdays as text.
    """

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
    contacts = models.PositiveSmallIntegerField(_("all contacts"), default=10, db_default=10)
    contacts_days = models.PositiveSmallIntegerField(
        _("all contacts: in days"),
        default=30,
        db_default=30,
        validators=[MinValueValidator(1)],
        help_text=_("Calls, reached or not, and messages together."),
    )
    purpose_caps = models.JSONField(_("caps of purposes"), default=dict, db_default={}, blank=True)
    kept = models.PositiveSmallIntegerField(
        _("contacts kept"),
        default=1,
        db_default=1,
        help_text=_("Of the call attempts, and of all contacts, so many are kept for the purposes below."),
    )
    kept_for = models.JSONField(
        _("kept for"), default=purposes_that_matter, db_default=["retention", "renewal", "service"], blank=True
    )
    calls_from = models.TimeField(_("calls from"), default=time(9))
    calls_until = models.TimeField(_("calls until"), default=time(20))
    calls_quiet_days = models.JSONField(_("no calls on"), default=list, db_default=[], blank=True)
    sms_from = models.TimeField(_("SMS from"), default=time(8), db_default=time(8))
    sms_until = models.TimeField(_("SMS until"), default=time(21), db_default=time(21))
    sms_quiet_days = models.JSONField(_("no SMS on"), default=list, db_default=[], blank=True)
    email_from = models.TimeField(_("e-mail from"), default=time(7), db_default=time(7))
    email_until = models.TimeField(_("e-mail until"), default=time(22), db_default=time(22))
    email_quiet_days = models.JSONField(_("no e-mail on"), default=list, db_default=[], blank=True)
    app_from = models.TimeField(_("app messages from"), default=time(8), db_default=time(8))
    app_until = models.TimeField(_("app messages until"), default=time(22), db_default=time(22))
    app_quiet_days = models.JSONField(_("no app messages on"), default=list, db_default=[], blank=True)
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
            models.CheckConstraint(condition=Q(sms_from__lt=F("sms_until")), name="contact_policy_sms_hours"),
            models.CheckConstraint(condition=Q(email_from__lt=F("email_until")), name="contact_policy_email_hours"),
            models.CheckConstraint(condition=Q(app_from__lt=F("app_until")), name="contact_policy_app_hours"),
        ]
        verbose_name = verbose_name_plural = _("contact policy")

    def __str__(self) -> str:
        return str(_("Contact policy"))

    def hours(self, channel: str) -> Hours:
        """When contacts over the channel are made, by the operator's clock."""
        prefix = HOURS_OF[channel]
        days = frozenset(int(day) for day in getattr(self, f"{prefix}_quiet_days"))
        return Hours(getattr(self, f"{prefix}_from"), getattr(self, f"{prefix}_until"), days)

    def require_sense(self) -> None:
        """Invalid for hours that end before they begin, no day at all, and more contacts kept than there are."""
        if found := policy_problems({one.name: getattr(self, one.name) for one in self._meta.fields}):
            details = [{"field": name, "code": "no_sense", "message": str(text)} for name, text in found.items()]
            raise Invalid(next(iter(found.values())), details=details)


# The prefix of a channel's hours in the policy.
HOURS_OF = {
    Channel.CALL.value: "calls", Channel.SMS.value: "sms", Channel.EMAIL.value: "email", Channel.APP.value: "app",
}  # fmt: skip
ENDS_TOO_EARLY: dict[str, Any] = {
    "calls": _("Calls must end later on the day than they begin."),
    "sms": _("SMS must end later on the day than they begin."),
    "email": _("E-mail must end later on the day than it begins."),
    "app": _("App messages must end later on the day than they begin."),
}


def policy_problems(values: dict[str, Any]) -> dict[str, Any]:
    """{field: what is wrong with its value beside the others}; a value that is missing is judged elsewhere."""
    found = {}
    for prefix, text in ENDS_TOO_EARLY.items():
        first, last = values.get(f"{prefix}_from"), values.get(f"{prefix}_until")
        if first and last and first >= last:
            found[f"{prefix}_until"] = text
        if len(set(values.get(f"{prefix}_quiet_days") or ())) == len(WEEKDAYS):
            found[f"{prefix}_quiet_days"] = _("Leave at least one day of the week.")
    kept, most = values.get("kept"), [values.get("attempts"), values.get("contacts")]
    if kept and any(one is not None and kept > one for one in most):
        found["kept"] = _("No more can be kept than there are call attempts and contacts at all.")
    return found


WEEKDAYS = [
    ("1", _("Monday")), ("2", _("Tuesday")), ("3", _("Wednesday")), ("4", _("Thursday")), ("5", _("Friday")),
    ("6", _("Saturday")), ("7", _("Sunday")),
]  # fmt: skip
