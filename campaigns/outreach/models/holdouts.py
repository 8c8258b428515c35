"""Customers who are left alone so that an effect can be measured, and contacts that were made in spite of it."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.models.policy import ContactPurpose
from customers.facts.models import unchecked_foreign_key

# Purposes for which the operator comes forward. Care and service are what the customer is owed.
PROACTIVE = (ContactPurpose.RETENTION.value, ContactPurpose.RENEWAL.value, ContactPurpose.MARKETING.value)
ANY_PURPOSE = "any"
# SQL over a row x: whether it forbids contacts for a purpose. Service is what the customer asked for.
HOLDS_FOR = (
    f"(x.purpose = {{purpose}} AND {{purpose}} <> '{ContactPurpose.SERVICE}'"
    f" OR x.purpose = '{ANY_PURPOSE}' AND {{purpose}} IN {PROACTIVE})"
)


class HeldOutQuerySet(models.QuerySet["HeldOut"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)


class HeldOut(models.Model):
    """A customer whom nobody contacts for a purpose, from `since` to `until` (both included; None: no end known).

    Written by the features that hold people out; the gate refuses by it. purpose: that of a campaign, or
    ANY_PURPOSE for all of PROACTIVE. origin: "universal", or "campaign:" and the code.
    """

    computed_from_facts: ClassVar[Q] = Q()

    customer = unchecked_foreign_key("customers.Customer", related_name="held_out", db_index=False)
    origin = models.CharField(_("held out by"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=12, default=ANY_PURPOSE)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)

    objects = HeldOutQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "origin"], name="held_out_once")]
        indexes = [models.Index(fields=["origin", "customer"], name="held_out_by_origin")]
        verbose_name = _("held-out customer")

    def __str__(self) -> str:
        return f"{self.origin} {self.customer_id}"


class Contamination(models.Model):
    """A contact planned by hand with a customer who was held out. origin: as in HeldOut. reason: as given."""

    customer = unchecked_foreign_key("customers.Customer", related_name="contaminations")
    origin = models.CharField(_("held out by"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=12)
    at = models.DateTimeField(_("at"))
    order_no = models.CharField(_("order"), max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        indexes = [models.Index(fields=["origin", "-at"], name="contamination_of_origin")]
        verbose_name = _("contact of a held-out customer")

    def __str__(self) -> str:
        return f"{self.origin} {self.customer_id} {self.at:%Y-%m-%d}"
