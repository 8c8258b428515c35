from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models.base import Fact, unchecked_foreign_key


class StatusEvent(Fact):
    """A life-cycle event. Operators may send kinds of their own; these are the ones the product reads."""

    dated_by = "at"

    class Kind(models.TextChoices):
        ACTIVATE = "activate", _("Activated")
        STOP = "stop", _("Stopped")
        RESTORE = "restore", _("Restored")
        PLAN_CHANGE = "plan_change", _("Plan changed")
        TIER_CHANGE = "tier_change", _("Tier changed")
        TERMINATE = "terminate", _("Terminated")
        PORT_OUT_INQUIRY = "port_out_inquiry", _("Port-out eligibility inquiry")
        TERMINATION_REQUEST = "termination_request", _("Termination request")
        FORWARD_SET = "forward_set", _("Call forwarding set")
        ROAMING_START = "roaming_start", _("Roaming started")
        ONLINE_ABANDON = "online_abandon", _("Online order abandoned")
        ONLINE_ORDER = "online_order", _("Service ordered online")
        ONLINE_PAYMENT = "online_payment", _("Paid online")
        ONLINE_QUERY = "online_query", _("Bill or balance looked up online")
        MAILBOX_FULL = "mailbox_full", _("Message store full")
        DATA_FAILURE = "data_failure", _("Data service failed")
        RINGBACK_DUE = "ringback_due", _("Ringback tone unchanged for long")
        GIFT_CREDITED = "gift_credited", _("Gift credited")
        E_BILL_ISSUED = "e_bill_issued", _("Green bill issued")
        CARD_ISSUED = "card_issued", _("Member card issued")

    event_no = models.CharField(max_length=40, unique=True)
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="status_events", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    reason = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subscriber", "at"], name="event_of_subscriber"),
            models.Index(fields=["kind", "at"], name="event_kind_at"),
        ]


class ServiceContact(Fact):
    """A complaint 投诉, fault report 报障, inquiry or order that the customer brought to the operator."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        FAULT = "fault", _("Fault report")
        INQUIRY = "inquiry", _("Inquiry")
        ORDER = "order", pgettext_lazy("service contact", "Order")

    ticket_no = models.CharField(max_length=40, unique=True)
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="service_contacts", db_index=False)
    opened_at = models.DateTimeField(_("opened"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    severity = models.SmallIntegerField(_("severity"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    satisfaction = models.SmallIntegerField(_("satisfaction"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subscriber", "opened_at"], name="ticket_of_subscriber")]
