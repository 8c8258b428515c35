"""Fact endpoints: batches (POST, state, errors, release, discard), single rows (PUT), and events."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from customers.batches.api.serializers.batches import PAGING, REASON, BatchErrors, BatchList, BatchState, EventsTaken
from customers.batches.api.serializers.examples import EVENTS, event_example, response_example
from customers.batches.api.serializers.schemas import LONGEST_KEY, FactIn, FactsIn, row_schema
from customers.batches.models import IngestBatch
from customers.batches.services.bodies import READERS, with_charset
from customers.batches.services.lifecycle import accept, discard, release
from customers.batches.services.loading import is_loading
from customers.batches.services.removal import take_back_batch, take_back_row
from customers.batches.services.rows import load_rows, parse_key, put_row
from customers.declarations import EVENTS_IN, EVENTS_WRITE, FACTS, FACTS_WRITE
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES, resource_named
from customers.ingest.resources.base import Resource
from retention.core import clock
from retention.core.api.bodies import MAX_BODY_BYTES, charset_of, json_body, json_object, read_content
from retention.core.api.pagination import choice_parameter, cursor_page
from retention.core.api.views.base import ApiView
from retention.core.errors import Invalid, Malformed, NotFound, TooLarge, UnsupportedType
from retention.core.jobs.services import wake_worker

LOADING = "loading"
STATES = [*IngestBatch.State.values, LOADING]


class BatchesOf(ApiView):
    """`resource`: set by the route."""

    scope, tag = FACTS_WRITE, FACTS
    errors = (409, 422)
    body_limit = MAX_BODY_BYTES
    schema = FactsIn()
    resource: Resource | None = None

    def post(self, request: Request, resource: str = "") -> HttpResponse:
        described = self.resource or resource_named(resource)
        key = _idempotency_key(request)
        media_type = _media_type(request)
        body = read_content(request, limit=MAX_BODY_BYTES)
        batch = accept(
            client=self.client, resource=described.name, body=body, media_type=media_type, idempotency_key=key,
            now=clock.now(),
        )  # fmt: skip
        # The same bytes as the first time: a client may compare them.
        return HttpResponse(
            bytes(batch.answer),
            status=202,
            content_type="application/json",
            headers={"Location": request.build_absolute_uri(f"/api/v1/batches/{batch.number}")},
        )


class NoSuchBatch(BatchesOf):
    """The answer for a path that is neither the id of a batch nor the name of a resource."""

    def get(self, request: Request, resource: str) -> Response:
        raise NotFound("There is no such batch.")

    delete = get


class Batches(ApiView):
    scope, tag = FACTS_WRITE, FACTS
    errors = (422,)

    @extend_schema(
        operation_id="list_batches",
        summary="Batches sent by this client, newest first",
        parameters=[OpenApiParameter("state", enum=STATES), *PAGING],
        responses={200: BatchList},
    )
    def get(self, request: Request) -> Response:
        state = choice_parameter(request, "state", "", choices=["", *STATES])
        found = IngestBatch.objects.of_client(self.client)
        if state:
            found = found.filter(state=IngestBatch.State.QUEUED if state == LOADING else state)
        return Response(cursor_page(found, request, order="-pk", write=as_json))


class Batch(ApiView):
    scope, tag = FACTS_WRITE, FACTS
    errors = (404, 409, 422)

    @extend_schema(
        operation_id="get_batch", summary="How far a batch is and what became of its rows", responses={200: BatchState}
    )
    def get(self, request: Request, number: UUID) -> Response:
        return Response(as_json(batch_of(self, number)))

    @extend_schema(
        operation_id="take_back_batch",
        summary="Take back all that a batch changed",
        description="What it inserted is removed, what it replaced is put back, waiting rows are dropped. Rows that a"
        " later delivery changed or sent again stay; `errors` names them. 409 `facts_attached`, with a count, while"
        " others refer to a row that would go: nothing is taken back then. A held batch is discarded. Possible for"
        " 35 days.",
        parameters=[REASON],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, number: UUID) -> Response:
        take_back_batch(batch=batch_of(self, number), reason=_reason(request), now=clock.now(), client=self.client.name)
        return Response(status=204)


class Errors(ApiView):
    scope, tag = FACTS_WRITE, FACTS
    errors = (404, 422)

    @extend_schema(
        operation_id="list_batch_errors",
        summary="The rows of a batch that did not land, with field, reason and the value sent",
        description="Bad rows, and rows that wait: for what, and since when. Those leave the list when that comes.",
        parameters=[OpenApiParameter("state", enum=QuarantinedRow.State.values), *PAGING],
        responses={200: BatchErrors},
    )
    def get(self, request: Request, number: UUID) -> Response:
        state = choice_parameter(request, "state", "", choices=["", *QuarantinedRow.State.values])
        rows = batch_of(self, number).open_rows()
        return Response(cursor_page(rows.filter(state=state) if state else rows, request, write=_as_error))


class Settle(ApiView):
    scope, tag = FACTS_WRITE, FACTS
    errors = (404, 409)


class Release(Settle):
    @extend_schema(
        operation_id="release_batch",
        summary="Load a held batch: its good rows land",
        request=None,
        responses={200: BatchState},
    )
    def post(self, request: Request, number: UUID) -> Response:
        return Response(as_json(release(batch=batch_of(self, number), now=clock.now())))


class Discard(Settle):
    @extend_schema(
        operation_id="discard_batch",
        summary="Give up a held batch: nothing of it lands",
        request=None,
        responses={200: BatchState},
    )
    def post(self, request: Request, number: UUID) -> Response:
        return Response(as_json(discard(batch=batch_of(self, number), now=clock.now())))


def batch_of(view: ApiView, number: UUID) -> IngestBatch:
    found = IngestBatch.objects.of_client(view.client).filter(number=number).first()
    if found is None:
        raise NotFound("There is no such batch.")
    return found


def as_json(batch: IngestBatch) -> dict[str, Any]:
    return {
        "id": str(batch.number),
        "resource": batch.resource,
        "state": LOADING if is_loading(batch) else batch.state,
        "received": batch.received,
        "applied": batch.applied,
        "unchanged": batch.unchanged,
        "waiting": batch.waiting,
        "rejected": batch.rejected,
        "error": batch.error,
        "taken_back": _taken_back(batch),
        "created_at": batch.created_at,
        "finished_at": batch.finished_at,
    }


def _taken_back(batch: IngestBatch) -> dict[str, Any] | None:
    if batch.taken_back_at is None:
        return None
    return {"at": batch.taken_back_at, "reason": batch.taken_back_because, **(batch.taken_back or {})}


def _reason(request: Request) -> str:
    return request.query_params.get("reason", "")


def _as_error(row: QuarantinedRow) -> dict[str, Any]:
    """`raw`: the row as it was sent, its values as text; {"line": ...} for a row that could not be parsed."""
    value = row.raw.get(row.field or "line")
    return {
        "row": row.row_no,
        "field": row.field,
        "code": row.code,
        "message": row.message,
        "value": value,
        "raw": row.raw,
        "state": row.state,
        "waits_for": {"resource": row.waits_for, "key": row.waits_key} if row.waits_for else None,
        "since": row.created_at,
    }


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise Malformed("Send an Idempotency-Key header, a fresh one for each batch.", code="idempotency_key_missing")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(f"An Idempotency-Key is at most {LONGEST_KEY} printable characters.", code="bad_idempotency_key")
    return key


def _media_type(request: Request) -> str:
    found = (request.content_type or "").partition(";")[0].strip().lower()
    if found not in READERS:
        raise UnsupportedType(f"The Content-Type must be one of {', '.join(READERS)}.")
    return with_charset(found, charset_of(request))


class RowOf(ApiView):
    """`resource`: set by the route."""

    scope, tag = FACTS_WRITE, FACTS
    errors = (404, 409, 422)
    schema = FactIn()
    resource: Resource | None = None

    def put(self, request: Request, key: str, resource: str = "") -> Response:
        described = self.resource or resource_named(resource)
        named = parse_key(described, key)
        found = put_row(
            resource=described, key=named, row=json_object(request), client=self.client.name, now=clock.now()
        )
        state = "waiting" if found.waiting else "applied" if found.applied else "unchanged"
        status = 202 if found.waiting else 201 if found.created else 200
        return Response({"resource": described.name, "key": named, "state": state}, status=status)

    def delete(self, request: Request, key: str, resource: str = "") -> Response:
        described = self.resource or resource_named(resource)
        take_back_row(
            resource=described, key=parse_key(described, key), reason=_reason(request), client=self.client.name,
            now=clock.now(),
        )  # fmt: skip
        return Response(status=204)


MAX_EVENTS = 1_000
EVENT = row_schema(RESOURCES["status-events"])
REACT_TASK = "retention.tasks.react"


class Events(ApiView):
    scope, tag = EVENTS_WRITE, EVENTS_IN
    errors = (422,)

    @extend_schema(
        operation_id="send_events",
        summary="Send one event or a list of at most 1,000",
        description="Stored at once, by event_no: sending one again changes nothing. Scenarios that listen to its kind"
        " act within 60 seconds. An event of a line that is not known yet waits for it.",
        request={
            "application/json": {
                "oneOf": [EVENT, {"type": "array", "items": EVENT, "minItems": 1, "maxItems": MAX_EVENTS}]
            }
        },
        responses={200: EventsTaken},
        examples=[event_example(), response_example("Answer", EVENTS, "200")],
    )
    def post(self, request: Request) -> Response:
        rows = _rows(json_body(request))
        result = load_rows(resource=RESOURCES["status-events"], rows=rows, source=f"events:{uuid4()}", now=clock.now())
        if result.rejected == len(rows):
            raise Invalid("None of the events is valid.", code="invalid_events", details=result.errors)
        wake_worker(REACT_TASK)
        return Response(result.counts() | {"errors": result.errors})


def _rows(body: Any) -> list[dict[str, object]]:
    rows = body if isinstance(body, list) else [body]
    if len(rows) > MAX_EVENTS:
        raise TooLarge(f"At most {MAX_EVENTS} events at once.", code="too_many_rows")
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise Malformed("Send an event as a JSON object, or a list of such.", code="malformed_json")
    return rows
