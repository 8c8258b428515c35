from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.facts.models.base import Fact, unchecked_foreign_key


class Tie(Fact):
    """A strongest contact of a line in a month; `other_hash` is the operator's keyed hash of the other number."""

    dated_by = "month"

    class Network(models.TextChoices):
        OWN = "own", _("Own network")
        RIVAL = "rival", _("Rival network")

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
    """Whether the customer agreed to be contacted for a purpose over a channel, and where that was recorded."""

    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="consents", db_index=False)
    purpose = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    granted = models.BooleanField()
    at = models.DateTimeField()
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "purpose", "channel"], name="consent_key")]
