"""Texts of notices: a key and parameters are stored, the sentence is made in the reader's language when it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Formatter = Callable[[dict[str, Any]], str]


@dataclass(frozen=True)
class Message:
    """key: of a registered formatter; params: JSON that it makes its sentence of, free of phone numbers."""

    key: str
    params: Mapping[str, Any]


_formatters: dict[str, Formatter] = {}


def register_message(key: str, formatter: Formatter) -> None:
    """Declare the text of a message, in AppConfig.ready(). It returns plain text in the active language."""
    _formatters[key] = formatter


def is_registered(key: str) -> bool:
    return key in _formatters


def format_text(key: str, params: dict[str, Any]) -> str:
    """The sentence in the active language. Raises KeyError for a key that no installed app declares."""
    return _formatters[key](params)
