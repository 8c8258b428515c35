"""Bodies of batches as tests send them."""

import json
from typing import Any

from django.db import connection

from customers.batches.services.loading import load_queued
from tests.api import ApiCaller

NDJSON, CSV, JSON = "application/x-ndjson", "text/csv", "application/json"


def lines(rows: list[dict[str, Any]]) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def usage(subscriber_no: str, day: str = "2026-10-31", **given: Any) -> dict[str, Any]:
    row = {
        "subscriber_no": subscriber_no, "day": day, "voice_out_s": 60, "voice_in_s": 30, "calls_out": 2, "calls_in": 1,
        "sms_out": 0, "data_mb": 10.5,
    }  # fmt: skip
    return row | given


def plan(code: str, **given: Any) -> dict[str, Any]:
    row = {
        "code": code, "name": f"Plan {code}", "line_type": "mobile", "monthly_fee": "59.00", "voice_minutes": 100,
        "data_mb": 10240, "sms_count": 0, "voice_rate": "0.10", "data_rate": "0.01", "sms_rate": "0.10",
    }  # fmt: skip
    return row | given


def send(caller: ApiCaller, resource: str, body: bytes | list, *, key: str = "k1", kind: str = NDJSON, **headers: str):
    body = lines(body) if isinstance(body, list) else body
    return caller.post(f"batches/{resource}", body, Idempotency_Key=key, Content_Type=kind, **headers)


def loaded(caller: ApiCaller, answer: Any) -> dict[str, Any]:
    """Load what waits and ask for the batch."""
    assert answer.status_code == 202, answer.content
    load_queued()
    return caller.get(f"batches/{answer.json()['id']}").json()


def code(answer):
    """The code of an error."""
    return answer.json()["error"]["code"]


def elsewhere(work):
    """Run on a connection of its own."""

    def run(*given):
        try:
            return work(*given)
        finally:
            connection.close()

    return run
