"""Receipts and replies of a provider: one or a list; good rows land, the others are named."""

from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.declarations import MESSAGES_IN, MESSAGES_WRITE
from campaigns.messages.api.serializers import Receipt, Reply, Taken
from campaigns.messages.services.receipts import ReceiptResult, record_receipts
from campaigns.messages.services.replies import record_replies
from retention.core import clock
from retention.core.api.bodies import json_body
from retention.core.api.views.base import ApiView
from retention.core.errors import Invalid, Malformed, TooLarge

MAX_ROWS = 1000
ANSWER = {"received": 1, "applied": 1, "unchanged": 0, "rejected": 0, "errors": []}
RECEIPT = {"reference": "M3F0A9C4417BD2E6", "state": "delivered"}
REPLY = {"reply_no": "MO-88120", "sender": "13800001234", "text": "TD", "at": "2026-11-20T10:12:00+08:00"}
Row = TypeVar("Row", bound=serializers.Serializer)


def one_or_many(row: type[serializers.Serializer], name: str) -> PolymorphicProxySerializer:
    return PolymorphicProxySerializer(
        component_name=name, serializers=[row(), row(many=True)], resource_type_field_name=None, many=False
    )


class Receipts(ApiView):
    scope, tag = MESSAGES_WRITE, MESSAGES_IN
    errors = (422,)

    @extend_schema(
        operation_id="send_message_receipts",
        summary="What became of messages: one receipt or a list of at most 1,000",
        description="In any order, late and more than once: what is known already changes nothing. The first end of a"
        " message stands. `unknown_reference`: no message has this number.",
        request=one_or_many(Receipt, "ReceiptsIn"),
        responses={200: Taken},
        examples=[
            OpenApiExample("Delivered", RECEIPT, request_only=True),
            OpenApiExample("Answer", ANSWER, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        bodies, good, errors = _read(request, Receipt)
        results = record_receipts(rows=[one.row() for _number, one in good], now=clock.now())
        for (number, one), result in zip(good, results, strict=True):
            if result == ReceiptResult.UNKNOWN:
                name = "reference" if one.validated_data.get("reference") else "provider_ref"
                errors.append(_error(number, name, ReceiptResult.UNKNOWN.value, "No message has this number."))
        applied = sum(result == ReceiptResult.APPLIED for result in results)
        return _answer(bodies, applied, errors)


class Replies(ApiView):
    scope, tag = MESSAGES_WRITE, MESSAGES_IN
    errors = (422,)

    @extend_schema(
        operation_id="send_message_replies",
        summary="What customers wrote back: one reply or a list of at most 1,000",
        description="A reply of 退订, T, TD, R or STOP, in any case and width, opts out: when this is answered, nothing"
        " more is sent over the channel to whoever has the number, and what was waiting is cancelled.",
        request=one_or_many(Reply, "RepliesIn"),
        responses={200: Taken},
        examples=[
            OpenApiExample("Opts out", REPLY, request_only=True),
            OpenApiExample("Answer", ANSWER, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        bodies, good, errors = _read(request, Reply)
        new = record_replies(rows=[one.row() for _number, one in good], now=clock.now())
        return _answer(bodies, sum(new), errors)


def _read(request: Request, kind: type[Row]) -> tuple[int, list[tuple[int, Any]], list[dict]]:
    """Number of rows; (row number from 1, serializer) of the good ones; errors of the others. Invalid when all are."""
    body = json_body(request)
    rows = body if isinstance(body, list) else [body]
    if len(rows) > MAX_ROWS:
        raise TooLarge(f"At most {MAX_ROWS} rows at once.", code="too_many_rows")
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise Malformed("Send a JSON object, or a list of such.", code="malformed_json")
    good, errors = [], []
    for number, row in enumerate(rows, start=1):
        one = kind(data=row)
        if unknown := sorted(set(row) - set(one.fields)):
            errors.append(_error(number, unknown[0], "unknown_field", "There is no such field."))
        elif one.is_valid():
            good.append((number, one))
        else:
            errors += [
                _error(number, name, str(said[0].code), str(said[0])) for name, said in one.errors.items()
            ]  # fmt: skip
    if not good:
        raise Invalid("None of the rows is valid.", code="invalid_rows", details=errors)
    return len(rows), good, errors


def _error(row: int, field: str, code: str, message: str) -> dict[str, Any]:
    return {"row": row, "field": field, "code": code, "message": message}


def _answer(received: int, applied: int, errors: list[dict]) -> Response:
    rejected = len({one["row"] for one in errors})
    errors.sort(key=lambda one: one["row"])
    return Response(
        {
            "received": received, "applied": applied, "unchanged": received - applied - rejected, "rejected": rejected,
            "errors": errors,
        }
    )  # fmt: skip
