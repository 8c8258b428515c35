from django.db import models


class QuarantinedRow(models.Model):
    """A row that could not land: bad for a stated reason, or waiting for what it refers to. Nothing is thrown away."""

    class State(models.TextChoices):
        REJECTED = "rejected"
        WAITING = "waiting"

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
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["waits_for", "waits_key"], condition=models.Q(state="waiting"), name="row_waits_for"),
            models.Index(fields=["source", "row_no"], name="row_of_source"),
        ]
