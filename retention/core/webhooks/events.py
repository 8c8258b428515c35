"""Registry of the webhook events with their labels. The app that publishes an event declares it."""

from django.utils.functional import Promise

from retention.core.registry import Registry

EVENTS: Registry[str, Promise] = Registry("event")


def event_choices() -> list[tuple[str, Promise]]:
    """(name, label) by name; complete once Django has started. The OpenAPI document lists them in this order."""
    return sorted(EVENTS.items())


def require_declared(event: str) -> str:
    """The event; ValueError when no app declares it."""
    if event not in EVENTS:
        raise ValueError(f"undeclared event {event!r}")
    return event
