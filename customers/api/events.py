"""Events that the centre must act on within the minute: port-out inquiry, termination request and the like."""

from typing import Any
from uuid import uuid4

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.answers import EVENTS, shown
from customers.api.schemas import EventsTaken, event_example, row_schema
from customers.batches.rows import load_rows
from customers.ingest import RESOURCES
from retention.core import clock
from retention.core.api.bodies import json_body
from retention.core.api.views import ApiView
from retention.core.errors import Invalid, Malformed, TooLarge
from retention.core.hints import hint
from retention.core.models import Scope

MOST = 1_000
EVENT = row_schema(RESOURCES["status-events"])
REACT = "retention.tasks.react"


class Events(ApiView):
    scope = Scope.EVENTS_WRITE
    errors = (400, 413, 422)

    @extend_schema(
        operation_id="send_events",
        summary="Send one event or a list of at most 1,000",
        description="Stored at once, by event_no: sending one again changes nothing. Scenarios that listen to its kind"
        " act within 60 seconds. An event of a line that is not known yet waits for it.",
        request={"application/json": {"oneOf": [EVENT, {"type": "array", "items": EVENT, "maxItems": MOST}]}},
        responses={200: EventsTaken},
        examples=[event_example(), shown("Answer", EVENTS, "200")],
    )
    def post(self, request: Request) -> Response:
        rows = _rows(json_body(request))
        result = load_rows(resource=RESOURCES["status-events"], rows=rows, source=f"events:{uuid4()}", now=clock.now())
        if result.rejected == len(rows):
            raise Invalid("None of the events is valid.", code="invalid_events", details=result.errors)
        hint(REACT)
        return Response(result.counts() | {"errors": result.errors})


def _rows(body: Any) -> list[dict[str, object]]:
    rows = body if isinstance(body, list) else [body]
    if len(rows) > MOST:
        raise TooLarge(f"At most {MOST} events at once.", code="too_many_rows")
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise Malformed("Send an event as a JSON object, or a list of such.", code="malformed_json")
    return rows
