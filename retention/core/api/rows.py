"""Endpoints that take one row or a list of rows: good rows land, the others are named."""

from typing import Any, TypeVar

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from retention.core.api.bodies import json_body
from retention.core.api.schema import ErrorDetail
from retention.core.errors import Invalid, Malformed, TooLarge

MAX_ROWS = 1000
Row = TypeVar("Row", bound=serializers.Serializer)


class Taken(serializers.Serializer):
    """unchanged: known before, or no longer possible."""

    received = serializers.IntegerField()
    applied = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    errors = ErrorDetail(many=True)  # type: ignore[assignment]


def one_or_many(row: type[serializers.Serializer], name: str) -> PolymorphicProxySerializer:
    return PolymorphicProxySerializer(
        component_name=name, serializers=[row(), row(many=True)], resource_type_field_name=None, many=False
    )


def read_rows(request: Request, kind: type[Row]) -> tuple[int, list[tuple[int, Any]], list[dict]]:
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
            errors.append(row_error(number, unknown[0], "unknown_field", "There is no such field."))
        elif one.is_valid():
            good.append((number, one))
        else:
            errors += [
                row_error(number, name, str(said[0].code), str(said[0])) for name, said in one.errors.items()
            ]  # fmt: skip
    require_some(len(good), errors)
    return len(rows), good, errors


def require_some(good: int, errors: list[dict]) -> None:
    """Invalid, with what is wrong, when no row is left."""
    if not good:
        raise Invalid("None of the rows is valid.", code="invalid_rows", details=errors)


def row_error(row: int, field: str, code: str, message: str) -> dict[str, Any]:
    return {"row": row, "field": field, "code": code, "message": message}


def rows_answer(received: int, applied: int, errors: list[dict]) -> Response:
    rejected = len({one["row"] for one in errors})
    errors.sort(key=lambda one: one["row"])
    return Response(
        {
            "received": received, "applied": applied, "unchanged": received - applied - rejected, "rejected": rejected,
            "errors": errors,
        }
    )  # fmt: skip
