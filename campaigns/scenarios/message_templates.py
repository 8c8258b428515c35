"""What scenarios know of message templates, rows of an upper layer: it offers here, when it starts, those that a
scenario may send."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class MessageTemplate:
    """One that may be sent now. title: in the reader's language; channel: of ListEntry; purpose: of the gate."""

    code: str
    title: str
    channel: str
    purpose: str


Templates = Callable[[], Mapping[str, MessageTemplate]]
_sources: list[Templates] = []


def register_message_templates(templates: Templates) -> None:
    """Register a function that gives the templates in use by their code."""
    if templates not in _sources:
        _sources.append(templates)


def message_templates() -> dict[str, MessageTemplate]:
    return {code: template for one in _sources for code, template in one().items()}
