"""Examples of the answers, for OpenAPI."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

RISK: dict[str, Any] = {
    "subscriber_no": "S0000123",
    "as_of": "2026-11-20",
    "probability": 0.431,
    "decile": 1,
    "tier": "high",
    "cohort": "over_12",
    "expected_gain": "186.40",
    "reasons": [
        {
            "factor": "voice_in_change",
            "text": "incoming calls fell by 62%",
            "contribution": 0.8,
            "value": -0.62,
            "theme": "usage",
        }
    ],
    "model_version": "2026-11-20-1",
}
CONTACT: dict[str, Any] = {
    "id": 9812,
    "subscriber_no": "S0000123",
    "at": "2026-11-20T10:12:00+08:00",
    "channel": "call",
    "purpose": "retention",
    "state": "used",
    "reason": "",
    "outcome": "connected",
    "source": "scenario:S13",
    "order_no": "W20261120-000017",
    "order_state": "done",
    "disposition": "renewed",
}


def answer(value: dict[str, Any], name: str = "Answer") -> list[OpenApiExample]:
    return [OpenApiExample(name, value=value, response_only=True, status_codes=["200"])]
