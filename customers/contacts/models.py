from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Customer
from customers.lists.models import ListEntry


class ContactRecordQuerySet(models.QuerySet["ContactRecord"]):
    def for_history(self) -> Self:
        """The contact history of one customer, newest first."""
        return self.select_related("subscriber", "actor").order_by("-at", "-pk")


class ContactRecord(models.Model):
    """The contact ledger 接触历史: every contact requested over any channel, allowed or refused, with its outcome.

    Written only by campaigns.outreach. A reserved row counts against the customer's caps until used or released.
    by_risk: the customer was chosen by a risk score. behind: of a refusal, the row that the rule went by, as it stood
    (campaigns.outreach.queries.Answer). displaced_by: the source of the more urgent contact that this one gave way to.
    """

    class State(models.TextChoices):
        REFUSED = "refused", _("Not made (contact rule)")
        RESERVED = "reserved", _("Reserved")
        USED = "used", _("Made")
        RELEASED = "released", _("Released")

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="contacts", db_constraint=False, db_index=False
    )  # contact_of_customer begins with it
    subscriber = models.ForeignKey("customers.Subscriber", models.CASCADE, related_name="contacts", db_constraint=False)
    channel = models.CharField(_("channel"), max_length=8, choices=ListEntry.Channel.choices)
    purpose = models.CharField(_("purpose"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    reason = models.CharField(_("refused because"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"))
    source = models.CharField(_("source"), max_length=60)
    order_no = models.CharField(_("order"), max_length=40, blank=True)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)
    by_risk = models.BooleanField(_("chosen by a risk score"), default=False, db_default=False)
    behind = models.JSONField(default=dict, db_default={}, blank=True)
    displaced_by = models.CharField(_("gave way to"), max_length=60, blank=True, db_default="")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ContactRecordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-at"], name="contact_of_customer"),
            models.Index(fields=["order_no"], name="contact_of_order"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state} {self.at:%Y-%m-%d}"
