"""Kinds of alert. The app that raises a kind declares it in AppConfig.ready(); the rest of core only reads them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from retention.core.accounts.roles import ALL_PERMISSIONS
from retention.core.registry import Registry


@dataclass(frozen=True)
class AlertKind:
    """label, opens_when, meaning: lazily translated. format: an Alert as one sentence in the active language.

    permission: whose holders may acknowledge, own and snooze it, and are notified when it has no owner. route: name of
    the page that shows it, without arguments.
    """

    code: str
    label: Any
    opens_when: Any
    meaning: Any
    permission: str
    route: str
    format: Callable[[Any], str]


KINDS: Registry[str, AlertKind] = Registry("alert kind")


def declare_kinds(kinds: Iterable[AlertKind]) -> None:
    """Declare kinds. ValueError for a permission that no role holds, or for a kind that is declared already."""
    for kind in kinds:
        if kind.permission not in ALL_PERMISSIONS:
            raise ValueError(f"alert kind {kind.code!r}: unknown permission {kind.permission!r}")
        KINDS.declare(kind.code, kind)
