"""Texts of notices: a key and parameters are stored, the sentence is made in the reader's language when it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from retention.core.registry import Registry

Formatter = Callable[[dict[str, Any]], str]


@dataclass(frozen=True)
class Message:
    """key: of a declared formatter; params: JSON that it makes its sentence of, free of phone numbers."""

    key: str
    params: Mapping[str, Any]


# Each returns plain text in the active language.
MESSAGES: Registry[str, Formatter] = Registry("message")


def format_text(key: str, params: dict[str, Any]) -> str:
    """The sentence in the active language. KeyError for a key that no installed app declares."""
    return MESSAGES[key](params)
