"""Answers about batches and rows."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from customers.batches.api.serializers.examples import (
    ACCEPTED,
    BATCH,
    BATCHES,
    ERRORS,
    ROW,
    WAITING_EXAMPLE,
    with_response_example,
)
from customers.batches.models import IngestBatch
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES
from retention.core.api.schema import ErrorDetail

WITHOUT_BLANK = r"\S"  # something besides blanks
PAGING = [
    OpenApiParameter("cursor", str, description="`next` of the page before."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}),
]
REASON = OpenApiParameter(
    "reason",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": WITHOUT_BLANK},
    required=True,
    description="Why it is taken back; kept in the audit trail.",
)
STATES = [*IngestBatch.State.values, "loading"]


@with_response_example(ACCEPTED, statuses=("202",))
class Accepted(serializers.Serializer):
    id = serializers.UUIDField()
    resource = serializers.ChoiceField(choices=list(RESOURCES))
    state = serializers.ChoiceField(choices=["queued"])
    received = serializers.IntegerField(help_text="Rows.")


class TakenBack(serializers.Serializer):
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    removed = serializers.IntegerField(help_text="Rows that it had inserted.")
    restored = serializers.IntegerField(help_text="Rows that are again what they were before it.")
    kept = serializers.IntegerField(help_text="Rows that a later delivery changed or sent again; see `errors`.")
    waiting = serializers.IntegerField(help_text="Waiting rows that were dropped.")


@with_response_example(BATCH)
class BatchState(serializers.Serializer):
    id = serializers.UUIDField()
    resource = serializers.ChoiceField(choices=list(RESOURCES))
    state = serializers.ChoiceField(choices=STATES)
    received = serializers.IntegerField()
    applied = serializers.IntegerField(help_text="New or changed.")
    unchanged = serializers.IntegerField(
        help_text="Said what is stored already or an older version of it, or only added to another row of its key."
    )
    waiting = serializers.IntegerField(help_text="Refer to something that has not come yet; they land by themselves.")
    rejected = serializers.IntegerField(help_text="Bad; see `errors`.")
    error = serializers.CharField(
        allow_blank=True, help_text="Why nothing of it could be loaded; `discarded`, `taken back`."
    )
    taken_back = TakenBack(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


@with_response_example(BATCHES)
class BatchList(serializers.Serializer):
    results = BatchState(many=True)
    next = serializers.CharField(allow_null=True)


class WaitsFor(serializers.Serializer):
    resource = serializers.CharField()
    key = serializers.CharField()


class BadRow(serializers.Serializer):
    row = serializers.IntegerField(help_text="Number in the batch, from 1.")
    field = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField()
    value = serializers.CharField(allow_null=True, allow_blank=True, help_text="As it was sent.")
    raw = serializers.DictField(
        child=serializers.CharField(allow_null=True), help_text="The row as it was sent; null where it gave nothing."
    )
    state = serializers.ChoiceField(choices=QuarantinedRow.State.values, help_text="A waiting row lands by itself.")
    waits_for = WaitsFor(allow_null=True, help_text="What a waiting row refers to and has not come.")
    since = serializers.DateTimeField(help_text="Since when it waits, or when it was rejected.")


@with_response_example(ERRORS)
class BatchErrors(serializers.Serializer):
    results = BadRow(many=True)
    next = serializers.CharField(allow_null=True)


@with_response_example(ROW, WAITING_EXAMPLE, statuses=("200", "201"))
class RowState(serializers.Serializer):
    resource = serializers.ChoiceField(choices=list(RESOURCES))
    key = serializers.DictField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=["applied", "unchanged", "waiting"])


class EventsTaken(serializers.Serializer):
    received = serializers.IntegerField()
    applied = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    waiting = serializers.IntegerField()
    rejected = serializers.IntegerField()
    errors = ErrorDetail(many=True)  # type: ignore[assignment]
