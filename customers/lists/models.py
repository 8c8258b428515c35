from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Customer, Subscriber
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role


class ListEntryQuerySet(models.QuerySet["ListEntry"]):
    def in_force(self, *, on: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def visible_to(self, user: User) -> Self:
        """Of customers with a line that the person may see: administrators all, others their branch and below."""
        if user.role == Role.ADMINISTRATOR:
            return self
        lines = Subscriber.objects.visible_to(user).filter(account__customer=OuterRef("customer"))
        return self.filter(Exists(lines))

    def for_list(self) -> Self:
        """Newest first, each with a line of its customer as `subscriber_no`, whose page has the lists."""
        line = Subscriber.objects.filter(account__customer=OuterRef("customer")).order_by("status", "subscriber_no")
        named = self.annotate(subscriber_no=Subquery(line.values("subscriber_no")[:1]))
        return named.select_related("customer", "created_by").order_by("-created_at", "-pk")


class ListEntry(models.Model):
    """A customer on a list for a period, with the reason and the author."""

    class Kind(models.TextChoices):
        BLACKLIST = "blacklist", _("Blacklist")
        DO_NOT_DISTURB = "do_not_disturb", _("Do not disturb")
        FALSE_USER = "false_user", _("False user")
        RED_LIST = "red_list", _("Red list")

    class Channel(models.TextChoices):
        ANY = "any", _("Every channel")
        CALL = "call", _("Calls")
        SMS = "sms", _("SMS")
        EMAIL = "email", _("E-mail")

    kind = models.CharField(_("list"), max_length=16, choices=Kind.choices)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="list_entries")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.ANY)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("added"))

    objects = ListEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("list entry")
        verbose_name_plural = _("list entries")
        indexes = [models.Index(fields=["customer", "kind"], name="list_of_customer")]

    def __str__(self) -> str:
        return f"{self.kind} {self.customer}"
