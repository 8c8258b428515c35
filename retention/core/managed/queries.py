"""A managed row by its code, and its history in the audit trail."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit.models import AuditEntry
from retention.core.audit.services import target_name
from retention.core.errors import NotFound
from retention.core.managed.models import Managed
from retention.core.managed.permissions import visible_rows

Row = TypeVar("Row", bound=Managed)


def rows_for(model: type[Row], user: User) -> QuerySet[Row]:
    """The rows of a kind that `user` may see, with the rows that their editable fields refer to."""
    fields = [model._meta.get_field(name) for name in model.editable]
    visible = visible_rows(model._default_manager.all(), user)
    return visible.select_related(*(field.name for field in fields if field.is_relation))


def find_row(*, model: type[Row], actor: User, code: str, lock: bool = False) -> Row:
    """The row with the rows it refers to, locked against other writers on demand. NotFound if not visible."""
    rows = rows_for(model, actor).filter(code=code)
    row = (rows.select_for_update(no_key=True, of=("self",)) if lock else rows).first()
    if row is None:
        raise NotFound(_("There is no such %(kind)s.") % {"kind": model._meta.verbose_name})
    return row


def history_of(row: Managed) -> QuerySet[AuditEntry]:
    """Every change of the row with its actor, newest first. detail: `changes` {field: [before, after]} or `made`."""
    entries = AuditEntry.objects.filter(target=target_name(row), action=row.change_action())
    return entries.select_related("actor")


@dataclass(frozen=True)
class FieldChange:
    """base: the field's value (JSON) at the version asked about. newest: the last entry that changed it since."""

    base: Any
    newest: AuditEntry


def changes_since(row: Managed, version: int) -> dict[str, FieldChange]:
    """{field: its latest change} for the fields that changed after `version`."""
    found: dict[str, FieldChange] = {}
    for entry in history_of(row).filter(detail__version__gt=version):
        for field, (before, _after) in entry.detail.get("changes", {}).items():
            newest = found[field].newest if field in found else entry
            found[field] = FieldChange(before, newest)
    return found


def actor_of(entry: AuditEntry) -> str:
    """The person's name, or the recorded one of a deleted account."""
    return entry.actor.display_name if entry.actor else entry.actor_name
