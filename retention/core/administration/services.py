"""Changing a row that has no version of its own: what its form was filled from stands against what is stored now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict
from retention.core.managed.queries import actor_of
from retention.core.managed.services import Difference, as_json


@dataclass(frozen=True)
class Seen:
    """The fields as JSON (row_values) that a change was written from.

    base: when the form was opened. known: a newer state that the person has been shown since, which he saves on top
    of. merge: save only the fields that differ from `base`.
    """

    base: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, Any] | None = None
    merge: bool = False


class StaleRow(Conflict):
    """Somebody else has changed the row since. Nothing was saved. stored: the fields as they stand now."""

    code = "stale_version"

    def __init__(self, row: models.Model, stored: dict[str, Any], differences: Sequence[Difference]) -> None:
        super().__init__(
            _("Somebody else changed this %(kind)s meanwhile. Load it again.") % {"kind": row._meta.verbose_name},
            details=[one.as_detail() for one in differences],
        )
        self.stored, self.differences = stored, list(differences)


def row_values(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """{field: value as JSON}; of a field with many rows their codes, sorted."""
    many = {one.name for one in row._meta.many_to_many}
    return {name: _json(getattr(row, name).all() if name in many else getattr(row, name)) for name in names}


def apply_values(
    *, row: models.Model, values: Mapping[str, Any], seen: Seen, action: str, target: str = ""
) -> dict[str, list[Any]]:
    """Set the values on a row that the caller has locked; returns {field: [before, after] as JSON} of what changes.

    Fields with many rows are set at once, the others wait for the caller's save. StaleRow when the row is not as it was
    seen. action, target: the entries of the trail that tell who has changed it since.
    """
    stored = row_values(row, values)
    sent = {name: _json(value) for name, value in values.items()}
    if seen.merge:
        sent = {name: value for name, value in sent.items() if name in seen.base and value != seen.base[name]}
    changes = {name: [stored[name], value] for name, value in sent.items() if value != stored[name]}
    if not changes:
        return {}
    expected = seen.base if seen.known is None else seen.known
    if any(name not in expected or expected[name] != value for name, value in stored.items()):
        raise StaleRow(row, stored, _differences(row, changes, seen, action=action, target=target))
    many = {one.name for one in row._meta.many_to_many}
    for name in changes:
        if name in many:
            getattr(row, name).set(values[name])
        else:
            setattr(row, name, values[name])
    return changes


def change_row(
    *,
    row: models.Model,
    actor: User,
    values: Mapping[str, Any],
    seen: Seen,
    action: str,
    target: str = "",
    **noted: Any,
) -> dict[str, list[Any]]:
    """Change a locked row and write the trail; a save that changes nothing writes none. Raises as apply_values."""
    changes = apply_values(row=row, values=values, seen=seen, action=action, target=target)
    if changes:
        row.save()
        audit.record(actor=actor, action=action, target=target or row, changes=changes, **noted)
    return changes


def make_row(*, row: models.Model, actor: User, names: Iterable[str], action: str, target: str = "") -> None:
    """Insert a new row and write the trail with its fields."""
    row.save(force_insert=True)
    audit.record(actor=actor, action=action, target=target or row, made=row_values(row, names))


def _json(value: Any) -> Any:
    """As managed rows keep it. Several rows or codes are a set: their order says nothing."""
    if not isinstance(value, (models.QuerySet, list, tuple)):
        return as_json(value)
    found = [as_json(one) for one in value]
    return found if any(isinstance(one, dict) for one in found) else sorted(found)


def _differences(
    row: models.Model, changes: Mapping[str, list[Any]], seen: Seen, *, action: str, target: str
) -> list[Difference]:
    newest = _newest_changes(target or audit.target_name(row), action)
    found = []
    for name, (stored, sent) in changes.items():
        base = seen.base.get(name)
        who, at = newest.get(name, ("", None)) if stored != base else ("", None)
        found.append(Difference(name, stored, sent, who, at, is_own=sent != base))
    return found


def _newest_changes(target: str, action: str) -> dict[str, tuple[str, datetime]]:
    """{field: who changed it last, and when}."""
    found: dict[str, tuple[str, datetime]] = {}
    for entry in AuditEntry.objects.filter(target=target, action=action).select_related("actor")[:50]:
        for name in entry.detail.get("changes", {}):
            found.setdefault(name, (actor_of(entry), entry.at))
    return found
