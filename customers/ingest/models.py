"""What is kept about rows on their way in: those that did not land, and the order in which deliveries were accepted."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, Min


class QuarantinedRowQuerySet(models.QuerySet["QuarantinedRow"]):
    def waiting(self) -> Self:
        return self.filter(state=QuarantinedRow.State.WAITING)

    def waiting_since(self, instant: datetime) -> Self:
        """Rows that have waited since that instant or longer."""
        return self.waiting().filter(created_at__lte=instant)

    def by_resource(self) -> dict[str, tuple[int, datetime]]:
        """{resource: (rows, since when the oldest is here)}"""
        counted = self.order_by().values_list("resource").annotate(rows=Count("pk"), since=Min("created_at"))
        return {resource: (rows, since) for resource, rows, since in counted}

    def in_groups(self) -> "models.QuerySet[QuarantinedRow, dict]":
        """What rows wait for: {"resource", "waits_for", "waits_key", "rows", "since", "circular"}, the longest first.

        circular: how many of the rows wait for each other.
        """
        circular = Count("pk", filter=models.Q(code=QuarantinedRow.CIRCULAR))
        counted = self.waiting().values("resource", "waits_for", "waits_key")
        found = counted.annotate(rows=Count("pk"), since=Min("created_at"), circular=circular)
        return found.order_by("since", "resource", "waits_for", "waits_key")


class QuarantinedRow(models.Model):
    """A row that could not land: bad for a stated reason, or waiting for what it refers to. Nothing is thrown away.
    KEPT: a row that was not taken back with its batch.

    accepted: its place in the order of acceptance (`OpenDelivery`). key, version: of a waiting row, its natural key
    with "~" between the parts, and its source_version. created_at: since when it waits. CIRCULAR: the code of rows that
    wait for each other.
    """

    class State(models.TextChoices):
        REJECTED = "rejected"
        WAITING = "waiting"
        KEPT = "kept"

    CIRCULAR = "circular_reference"

    resource = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    row_no = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    field = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=40)
    message = models.TextField()
    raw = models.JSONField()
    waits_for = models.CharField(max_length=40, blank=True)
    waits_key = models.CharField(max_length=80, blank=True)
    key = models.TextField(blank=True, db_default="")
    version = models.BigIntegerField(null=True)
    accepted = models.BigIntegerField(db_default=0)
    created_at = models.DateTimeField()

    objects = QuarantinedRowQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["waits_for", "waits_key"], condition=models.Q(state="waiting"), name="row_waits_for"),
            models.Index(fields=["resource", "key"], condition=models.Q(state="waiting"), name="row_waits_as"),
            models.Index(fields=["source", "row_no"], name="row_of_source"),
        ]


class OpenDelivery(models.Model):
    """A delivery (a batch, a file) that was accepted and may still land rows. Its id is its place in the order of
    acceptance; rows that land at once draw theirs from the same sequence. It goes when the delivery has ended."""

    resource = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["resource", "id"], name="open_delivery_of")]


class KeyVersion(models.Model):
    """The order of acceptance of a row that landed, kept only while a delivery accepted before it is open: that one
    must not land over it. given: the fields that the row gave (`overtaking.EVERY_FIELD`)."""

    resource = models.CharField(max_length=40)
    key = models.TextField()
    accepted = models.BigIntegerField()
    version = models.BigIntegerField(null=True)
    given = models.BigIntegerField(db_default=-1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resource", "key", "accepted"], name="key_version_once")]
        indexes = [models.Index(fields=["resource", "accepted"], name="key_version_newest")]


class LandedChunk(models.Model):
    """The rows of a source that a transaction inserted, so that they can be taken back.

    wrote: the transaction's id, which every row has that nobody changed since (`xmin`). inserted: row numbers
    (`changes.pack_rows`).
    """

    source = models.CharField(max_length=200)
    wrote = models.CharField(max_length=20)
    inserted = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["source"], name="landed_chunk_of_source")]


class ReplacedRow(models.Model):
    """A row of a source that replaced a stored one (`was`: all its columns), or landed after it had waited.

    was: null when nothing was there before. wrote, was_by, restored_by: the transactions that wrote the row, what was
    there before it, and that again when the row was taken back.
    """

    source = models.CharField(max_length=200)
    row_no = models.BigIntegerField()
    resource = models.CharField(max_length=40)
    key = models.TextField()
    wrote = models.CharField(max_length=20)
    was = models.JSONField(null=True)
    was_by = models.CharField(max_length=20, blank=True)
    restored_by = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["source"], name="replaced_row_of_source"),
            models.Index(fields=["resource", "key"], name="replaced_row_of_key"),
        ]
