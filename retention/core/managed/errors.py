"""Errors of managed rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from retention.core.errors import Conflict
from retention.core.managed.models import Managed


@dataclass(frozen=True)
class Difference:
    """A field in which what was sent differs from what stands. Values as JSON.

    changed_by, changed_at: the newest change of the field since the version that was edited; "" and None where
    the field has not changed since, so that only the sender changed it. is_own: whether the sender changed it.
    """

    field: str
    stored: Any
    sent: Any
    changed_by: str = ""
    changed_at: datetime | None = None
    is_own: bool = True

    def as_detail(self) -> dict[str, Any]:
        at = self.changed_at.isoformat() if self.changed_at else None
        return {
            "field": self.field, "code": "changed", "stored": self.stored, "sent": self.sent,
            "changed_by": self.changed_by, "changed_at": at, "is_own": self.is_own,
        }  # fmt: skip


class StaleVersion(Conflict):
    """The row has a newer version than the one that was edited. version: the one that stands; nothing was saved."""

    code = "stale_version"

    def __init__(self, row: Managed, differences: Sequence[Difference]) -> None:
        kind = row._meta.verbose_name
        super().__init__(
            _("Somebody else changed this %(kind)s meanwhile. Load it again.") % {"kind": kind},
            details=[one.as_detail() for one in differences],
        )
        self.version = row.version
        self.differences = list(differences)
