"""Batches: the rows a billing system sends in one request, from acceptance to landing."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from customers.ingest.models import QuarantinedRow, QuarantinedRowQuerySet
from retention.core.api.models import ApiClient

SOURCE_PREFIX = "batch:"


class IngestBatchQuerySet(models.QuerySet["IngestBatch"]):
    def of_client(self, client: ApiClient) -> Self:
        """Batches sent by this client."""
        return self.filter(client=client)

    def queued(self) -> Self:
        """In the order in which they were accepted, which is the one in which they land."""
        return self.filter(state=IngestBatch.State.QUEUED).order_by("accepted", "pk")

    def rows_waiting(self) -> int:
        """Number of rows accepted and not yet loaded, of all clients."""
        return self.queued().aggregate(total=Sum("received"))["total"] or 0

    def before(self, batch: "IngestBatch") -> Self:
        """Batches that must land before this one: earlier ones of its resource, whoever sent them."""
        return self.queued().filter(resource=batch.resource, accepted__lt=batch.accepted)

    def restated_after(self, batch: "IngestBatch") -> Self:
        """Loaded batches accepted after this one that may say what it said: some of their rows changed nothing."""
        loaded = self.filter(resource=batch.resource, state=IngestBatch.State.LOADED, body__isnull=False)
        return loaded.filter(accepted__gt=batch.accepted, unchanged__gt=0).order_by("accepted")

    def for_list(self) -> Self:
        return self.select_related("client").order_by("-pk")


class IngestBatch(models.Model):
    """A batch of one resource. Its rows land in one transaction; bad rows are stored separately with their reasons.

    answer: the body of the 202, returned again when the request is repeated. attempts: workers that started it.
    accepted: its place in the order of acceptance, of all deliveries (`OpenDelivery`). taken_back: the counts of
    `effects.TakenBack`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        LOADED = "loaded", _("Loaded")
        HELD = "held", _("Held")
        FAILED = "failed", _("Failed")

    number = models.UUIDField(_("number"), default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="batches", verbose_name=_("client"))
    resource = models.CharField(_("resource"), max_length=40)
    media_type = models.CharField(max_length=40)
    idempotency_key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    answer = models.BinaryField()
    accepted = models.BigIntegerField(db_default=0)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    released = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    received = models.PositiveIntegerField(_("received"))
    applied = models.PositiveIntegerField(_("applied"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    waiting = models.PositiveIntegerField(_("waiting"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    error = models.TextField(_("error"), blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True)
    taken_back_because = models.CharField(_("reason"), max_length=200, blank=True, db_default="")
    taken_back = models.JSONField(null=True)
    created_at = models.DateTimeField(_("received at"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = IngestBatchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "idempotency_key"], name="batch_key_once")]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="queued"), name="batch_queued", include=["received"]),
            models.Index(fields=["id"], condition=Q(state="held"), name="batch_held"),
        ]
        verbose_name = _("batch")

    def __str__(self) -> str:
        return str(self.number)

    @property
    def source(self) -> str:
        """The source name of its bad and waiting rows."""
        return f"{SOURCE_PREFIX}{self.number}"

    def open_rows(self) -> QuarantinedRowQuerySet:
        """Its rows with a reason: bad ones, waiting ones, those that were not taken back with it."""
        return QuarantinedRow.objects.filter(source=self.source)

    def settled_rows(self) -> QuarantinedRowQuerySet:
        """Its bad rows, and those that were not taken back with it."""
        return self.open_rows().exclude(state=QuarantinedRow.State.WAITING)


class BatchBody(models.Model):
    """The compressed body, as long as the batch can be released or taken back."""

    batch = models.OneToOneField(IngestBatch, models.CASCADE, primary_key=True, related_name="body")
    content = models.BinaryField()
