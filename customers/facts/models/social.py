from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.facts.models.base import Fact, unchecked_foreign_key


class Tie(Fact):
    """A strongest contact of a line in a month; `other_hash` is the operator's keyed hash of the other number."""

    dated_by = "month"

    class Network(models.TextChoices):
        OWN = "own", _("Own network")
        RIVAL = "rival", _("Other network")

    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="ties", db_index=False)
    month = models.DateField()
    other_hash = models.CharField(max_length=64)
    calls = models.IntegerField()
    minutes = models.FloatField()
    network = models.CharField(max_length=8, choices=Network.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "month", "other_hash"], name="tie_key")]
        indexes = [BrinIndex(fields=["month"], name="tie_by_month")]


class ConsentQuerySet(models.QuerySet["Consent"]):
    def of_line(self, subscriber: models.Model) -> "list[Consent]":
        """What the customer said for this line, the newest first, with who recorded it."""
        return list(self.filter(subscriber=subscriber).select_related("recorded_by").order_by("-at", "pk"))


class Consent(Fact):
    """Whether the customer agreed to be contacted for a purpose over a channel, and the proof of it.

    The contact gate compares both words, so no others are stored. at: when it was given or withdrawn. source: over
    which way. proof: where that can be looked up. recorded_by: the person of the centre who wrote it down; None for
    what billing has sent.
    """

    class Purpose(models.TextChoices):
        RETENTION = "retention", _("Retention")
        RENEWAL = "renewal", _("Renewal")
        CARE = "care", _("Care")
        SERVICE = "service", _("Service")
        MARKETING = "marketing", _("Marketing")
        ANY = "any", _("Every purpose")

    class Channel(models.TextChoices):
        CALL = "call", _("Calls")
        SMS = "sms", _("SMS")
        EMAIL = "email", _("E-mail")
        APP = "app", _("App")
        ANY = "any", _("Every channel")

    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="consents", db_index=False)
    purpose = models.CharField(_("purpose"), max_length=40, choices=Purpose.choices)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    granted = models.BooleanField(_("granted"))
    at = models.DateTimeField(_("at"))
    source = models.CharField(_("source"), max_length=60)
    proof = models.CharField(_("proof"), max_length=120, blank=True, default="", db_default="")
    recorded_by = unchecked_foreign_key(
        settings.AUTH_USER_MODEL, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("recorded by")
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "purpose", "channel"], name="consent_key")]
        # Few: each load of consents looks whether one of them is among its rows.
        indexes = [
            models.Index(
                fields=["subscriber"], condition=models.Q(recorded_by__isnull=False), name="consent_recorded_here"
            )
        ]
