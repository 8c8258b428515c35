"""Errors in the shape of the TM Forum Open APIs: `code` and `reason`, in version 5 with `@type`.

What is a bad request there is 400 (422 is unknown to the specifications).
"""

from typing import Any

from rest_framework import status
from rest_framework.response import Response

from retention.core.errors import api_exception_handler
from retention.tmf.fields.schemas import TEXT

TYPE = "Error"


def tmf_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The API's answer to an error in the shape of the version that was called."""
    response = api_exception_handler(error, context)
    if response is None:
        return None
    if response.status_code == status.HTTP_422_UNPROCESSABLE_ENTITY:
        response.status_code = status.HTTP_400_BAD_REQUEST
    said = response.data["error"]
    response.data = error_body(said["code"], said["message"], response.status_code, context["view"].version)
    return response


def error_body(code: str, reason: str, status: int, version: int) -> dict[str, str]:
    return {"code": code, "reason": reason, "status": str(status)} | ({"@type": TYPE} if version >= 5 else {})


def called_version(path: str) -> int:
    """The major version of the specification that an address below /tmf-api/ names; 4 where it names none."""
    return 5 if "/v5/" in path else 4


def error_schema(version: int) -> dict[str, Any]:
    """For the OpenAPI document."""
    schema: dict[str, Any] = {
        "type": "object",
        "required": ["code", "reason"],
        "properties": {
            "code": TEXT | {"description": "For programs: stays the same."},
            "reason": TEXT | {"description": "For people: may change."},
            "status": TEXT | {"description": "The status of the answer."},
        },
    }
    if version >= 5:
        schema["required"] = ["@type", *schema["required"]]
        schema["properties"] |= {"@type": {"type": "string", "const": TYPE}}
    return schema
