from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models import Customer, Subscriber
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet

EXPIRES_SOON = timedelta(days=30)


class OwnListQuerySet(ManagedQuerySet["OwnList"]):
    def in_use(self) -> Self:
        return self.filter(enabled=True)

    def for_list(self) -> Self:
        return self.select_related("branch").order_by("-enabled", "name", "pk")


class OwnList(Managed):
    """A list that managers keep beside those that ship; its customers are entries of the kind OWN.

    channels, purposes: of which contacts it blocks, none for all; codes of ListEntry.Channel and `lists.purposes`.
    """

    class Effect(models.TextChoices):
        MARK = "mark", _("Marks only")
        BLOCK = "block", _("Blocks contact")

    editable = ("name", "name_zh", "note", "branch", "effect", "channels", "purposes")
    view_permission = edit_permission = "customers.list"

    note = models.CharField(_("note"), max_length=300, blank=True)
    effect = models.CharField(_("what it does"), max_length=8, choices=Effect.choices, default=Effect.MARK)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    purposes = models.JSONField(_("purposes"), default=list, blank=True)

    objects = OwnListQuerySet.as_manager()

    class Meta:
        verbose_name = _("own list")
        verbose_name_plural = _("own lists")

    def normalize(self) -> None:
        # Rules name shipped and own lists alike, by code.
        if self.code in ListEntry.Kind.values:
            message = str(_("A list that ships has this code."))
            raise Invalid(message, details=[{"field": "code", "code": "taken", "message": message}])
        if self.effect == self.Effect.MARK:
            self.channels, self.purposes = [], []


class ListEntryQuerySet(models.QuerySet["ListEntry"]):
    def in_force(self, *, on: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def expiring(self, *, on: date) -> Self:
        """In force, but not for long any more."""
        return self.in_force(on=on).filter(ends_on__lte=on + EXPIRES_SOON)

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
        return named.select_related("customer", "created_by", "own_list").order_by("-created_at", "-pk")


class ListEntry(models.Model):
    """A customer on a list for a period, with the reason, its proof and the author. An ended entry stays as history.

    own_list: of the kind OWN. proof: where the reason can be looked up, such as the number of a recording or letter.
    ended_by, end_reason: of one that was ended before its day.
    """

    class Kind(models.TextChoices):
        BLACKLIST = "blacklist", _("Blacklist")
        DO_NOT_DISTURB = "do_not_disturb", _("Do not disturb")
        FALSE_USER = "false_user", _("False user")
        RED_LIST = "red_list", _("Red list")
        OWN = "own", _("Own list")

    class Channel(models.TextChoices):
        ANY = "any", _("Every channel")
        CALL = "call", _("Calls")
        SMS = "sms", _("SMS")
        EMAIL = "email", _("E-mail")
        APP = "app", _("App")

    class Source(models.TextChoices):
        STAFF = "staff", _("Decided by staff")
        CUSTOMER = "customer", _("The customer asked for it")
        DISPOSITION = "disposition", _("End of a call")
        FILE = "file", pgettext_lazy("source", "File")
        API = "api", "API"
        SCENARIO = "scenario", pgettext_lazy("source", "Scenario")

    kind = models.CharField(_("list"), max_length=16, choices=Kind.choices)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="list_entries")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.ANY)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # Not checked by the database: own lists are never deleted, and adding the check would lock the table.
    own_list = models.ForeignKey(
        OwnList, models.PROTECT, null=True, blank=True, related_name="entries", db_constraint=False, db_index=False
    )
    reason = models.CharField(_("reason"), max_length=200)
    source = models.CharField(_("source"), max_length=12, choices=Source.choices, default=Source.STAFF)
    proof = models.CharField(_("proof"), max_length=120, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("added"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_constraint=False, db_index=False
    )
    end_reason = models.CharField(_("reason of the end"), max_length=200, blank=True)

    objects = ListEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("list entry")
        verbose_name_plural = _("list entries")
        indexes = [
            models.Index(fields=["customer", "kind"], name="list_of_customer"),
            models.Index(fields=["own_list"], condition=Q(own_list__isnull=False), name="list_of_own"),
        ]
        constraints = [
            models.CheckConstraint(
                name="own_list_is_named",
                condition=Q(kind="own", own_list__isnull=False) | ~Q(kind="own") & Q(own_list=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.customer}"

    @property
    def list_name(self) -> str:
        """What people call the list."""
        return self.own_list.title if self.own_list else str(self.Kind(self.kind).label)


# The lists that ship, each with a meaning of its own.
SHIPPED_KINDS = tuple(kind for kind in ListEntry.Kind if kind != ListEntry.Kind.OWN)
SHIPPED_CHOICES = [(kind.value, kind.label) for kind in SHIPPED_KINDS]
