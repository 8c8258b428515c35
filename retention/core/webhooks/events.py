"""Registry of the webhook events with the serializer of what each carries. The app that publishes one declares it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from rest_framework import serializers

from retention.core import clock
from retention.core.registry import Registry


class EventData(serializers.Serializer):
    """The `data` of an event, with an example for the OpenAPI document."""

    example: ClassVar[dict[str, Any]] = {}


@dataclass(frozen=True)
class Event:
    """label: for people. summary: English, for the OpenAPI document.

    payload: dotted path of its EventData, since declarations load before the models.
    """

    label: Promise
    summary: str
    payload: str

    @property
    def serializer(self) -> type[EventData]:
        return import_string(self.payload)


EVENTS: Registry[str, Event] = Registry("event")


def event_choices() -> list[tuple[str, Promise]]:
    """(name, label) by name; complete once Django has started. The OpenAPI document lists them in this order."""
    return sorted((name, event.label) for name, event in EVENTS.items())


def require_declared(event: str) -> str:
    """The event; ValueError when no app declares it."""
    if event not in EVENTS:
        raise ValueError(f"undeclared event {event!r}")
    return event


def format_data(event: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload as it is sent: SQL writes instants in UTC, receivers get them in the operator's time zone."""
    told = {name: payload[name] for name in _instants(event) if payload.get(name)}
    return dict(payload) | {name: clock.format_instant(datetime.fromisoformat(value)) for name, value in told.items()}


@cache
def _instants(event: str) -> list[str]:
    """Names of the instants in the event's data; none for the test message, which no app declares."""
    fields = EVENTS[event].serializer().fields if event in EVENTS else {}
    return [name for name, field in fields.items() if isinstance(field, serializers.DateTimeField)]
