"""The versions of a managed row, read back from its history in the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.errors import NotFound
from retention.core.managed.models import Managed
from retention.core.managed.queries import Row, actor_of, find_row, history_of
from retention.core.managed.services import update, values_of


@dataclass(frozen=True)
class Version:
    """values: {editable field: value as JSON}; changed: the fields that differ from the version before.

    at, who: None and "" for the first version of a row that was not made by a person.
    """

    number: int
    at: datetime | None
    who: str
    values: Mapping[str, Any]
    changed: tuple[str, ...] = ()


def versions_of(row: Managed) -> list[Version]:
    """Every version, the present one first. A field that the row had not yet has its present value."""
    found, number, values = [], row.version, values_of(row)
    for entry in history_of(row).filter(detail__has_key="version"):
        changes = {name: pair for name, pair in entry.detail.get("changes", {}).items() if name in values}
        changed = tuple(name for name in values if name in changes)
        found.append(Version(entry.detail["version"], entry.at, actor_of(entry), values, changed))
        number = entry.detail["version"] - 1
        values = values | {name: before for name, (before, _after) in changes.items()}
    if number > 0:
        found.append(Version(number, None, "", values))
    return found


def restore(*, model: type[Row], actor: User, code: str, number: int, version: int) -> Row:
    """Make the row what it was at version `number`, as a change like any other of the row as it stands at `version`.

    Raises as services.update: Invalid where the old settings no longer hold; NotFound for a version that never was.
    """
    row = find_row(model=model, actor=actor, code=code)
    wanted = next((one for one in versions_of(row) if one.number == number), None)
    if wanted is None:
        raise NotFound(_("There is no such version."))
    values = {name: _from_json(row, name, value) for name, value in wanted.values.items()}
    return update(model=model, actor=actor, code=code, version=version, values=values)


def _from_json(row: Managed, name: str, value: Any) -> Any:
    """What services.as_json wrote, as the field holds it; None for a row that is there no more."""
    field = row._meta.get_field(name)
    if value is None or not isinstance(field, models.Field):
        return value
    if field.related_model is None:
        return field.to_python(value)
    related: Any = field.related_model
    has_code = any(one.name == "code" for one in related._meta.fields)
    return related._default_manager.filter(**{"code" if has_code else "pk": value}).first()
