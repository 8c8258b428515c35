"""What a switch reports of calls, one event or a list: good rows land, the others are named."""

from datetime import datetime, timedelta
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from retention.core import clock
from retention.core.api.rows import Taken, one_or_many, read_rows, require_some, row_error, rows_answer
from retention.core.api.views.base import ApiView
from workorders.declarations import CALLS, CALLS_WRITE
from workorders.telephony.services.recording import EventResult, record_events
from workorders.telephony.states import REPORTED, Because, Event, EventKind
from workorders.telephony.switches.base import Reported

# Clocks of a switch may be fast by so much.
AHEAD = timedelta(minutes=10)
LONGEST_SECONDS = 24 * 3600
EVENT = {
    "event_no": "E-90017-3", "call": "W261120-000017-1", "kind": "ended", "at": "2026-11-20T09:54:32+08:00",
    "seconds": 182, "by": "customer", "recording": "2026/11/20/90017.wav",
}  # fmt: skip
ANSWER = {"received": 1, "applied": 1, "unchanged": 0, "rejected": 0, "errors": []}


class CallEventRow(serializers.Serializer):
    event_no = serializers.CharField(
        max_length=80, help_text="Your number of the event; of a call the same is kept once."
    )
    call = serializers.CharField(max_length=48, help_text="Our reference, as the call was asked for with.")
    kind = serializers.ChoiceField(choices=[str(one.value) for one in REPORTED])
    at = serializers.DateTimeField(required=False, help_text="When it happened; now without.")
    seconds = serializers.IntegerField(
        required=False, min_value=0, max_value=LONGEST_SECONDS, help_text="Of `ended`: how long both have spoken."
    )
    by = serializers.ChoiceField(
        choices=[str(one.value) for one in (Because.AGENT, Because.CUSTOMER)], required=False,
        help_text="Of `ended`: who hung up.",
    )  # fmt: skip
    recording = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Your reference of the recording."
    )

    def validate_at(self, value: datetime) -> datetime:
        if value > clock.now() + AHEAD:
            raise serializers.ValidationError("This lies ahead.", code="in_future")
        return value

    def row(self) -> Reported:
        given: dict[str, Any] = self.validated_data
        event = Event(
            EventKind(given["kind"]), given.get("at") or clock.now(), given.get("seconds"), given.get("recording", ""),
            given.get("by", ""),
        )  # fmt: skip
        return Reported(given["event_no"], given["call"], event)


class CallEvents(ApiView):
    scope, tag = CALLS_WRITE, CALLS
    errors = (422,)

    @extend_schema(
        operation_id="send_call_events",
        summary="What happened to calls: one event or a list of at most 1,000",
        description="In any order, late and more than once: an event whose number is known changes nothing, and a late"
        " one takes its place by `at`. The first end of a call stands. `unknown_reference`: no call has this"
        " reference.",
        request=one_or_many(CallEventRow, "CallEventsIn"),
        responses={200: Taken},
        examples=[
            OpenApiExample("Ended", EVENT, request_only=True),
            OpenApiExample("Answer", ANSWER, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        received, good, errors = read_rows(request, CallEventRow)
        results = record_events(rows=[one.row() for _number, one in good], now=clock.now())
        for (number, _one), result in zip(good, results, strict=True):
            if result == EventResult.UNKNOWN:
                errors.append(row_error(number, "call", result.value, "No call has this reference."))
        require_some(len(good) - results.count(EventResult.UNKNOWN), errors)
        return rows_answer(received, results.count(EventResult.APPLIED), errors)
