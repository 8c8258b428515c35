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


class Consent(Fact):
    """Whether the customer agreed to be contacted for a purpose over a channel, and where that was recorded.

    The contact gate compares both words, so no others are stored.
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
    granted = models.BooleanField()
    at = models.DateTimeField()
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "purpose", "channel"], name="consent_key")]
