"""Kinds of alert. The app that raises a kind declares it in AppConfig.ready(); the rest of core only reads them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retention.core.accounts.roles import ALL_PERMISSIONS

if TYPE_CHECKING:  # the model shows its kind's label
    from retention.core.alerts.models import Alert


@dataclass(frozen=True)
class AlertKind:
    """label, opens_when, meaning: lazily translated. format: the alert as one sentence in the active language.

    permission: whose holders may acknowledge, own and snooze it, and are notified when it has no owner. route: name of
    the page that shows it, without arguments.
    """

    code: str
    label: Any
    opens_when: Any
    meaning: Any
    permission: str
    route: str
    format: Callable[["Alert"], str]


_kinds: dict[str, AlertKind] = {}


def register_kinds(kinds: Iterable[AlertKind]) -> None:
    """Declare kinds. Raises ValueError for a permission that no role holds."""
    for kind in kinds:
        if kind.permission not in ALL_PERMISSIONS:
            raise ValueError(f"alert kind {kind.code!r}: unknown permission {kind.permission!r}")
        _kinds[kind.code] = kind


def get_kind(code: str) -> AlertKind:
    """The declared kind. Raises KeyError when no installed app declares it."""
    return _kinds[code]
