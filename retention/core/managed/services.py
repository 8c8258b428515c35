"""Making, changing, switching and copying managed rows. Each locks the row, checks the branch and writes the trail.

All raise Invalid (422), Refused (403: a branch the actor does not oversee), NotFound (404: also for rows that are not
visible) and Conflict (409).
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Refused
from retention.core.managed.errors import Difference, StaleVersion
from retention.core.managed.models import Managed
from retention.core.managed.permissions import may_decide
from retention.core.managed.queries import actor_of, changes_since, find_row

Row = TypeVar("Row", bound=Managed)


@transaction.atomic
def create(*, model: type[Row], actor: User, code: str, values: Mapping[str, Any]) -> Row:
    """A new row, switched off. values: {editable field: value}. Conflict when the code is taken."""
    row = model(code=code)
    row.set_defaults(actor)
    return _insert(row, actor=actor, values=values)


@transaction.atomic
def copy(*, model: type[Row], actor: User, code: str, new_code: str, values: Mapping[str, Any]) -> Row:
    """A new row with the editable fields of another, then `values`; switched off, not built in, at version 1."""
    source = find_row(model=model, actor=actor, code=code)
    row = model(code=new_code, **{name: getattr(source, name) for name in model.editable})
    row.set_defaults(actor)
    return _insert(row, actor=actor, values=values, copied_from=code)


@transaction.atomic
def update(
    *, model: type[Row], actor: User, code: str, version: int, values: Mapping[str, Any], base: int | None = None
) -> Row:
    """Change a row as it stood at `version`; a save that changes nothing makes no new version.

    Raises StaleVersion with both versions when another change came between. To save on top of that knowingly, call
    again with the version it names. With `base`, the version that `values` were written from, fields that stand in
    `values` as they stood then keep what others made of them since.
    """
    row = _lock(model, code=code, actor=actor)
    before = {name: getattr(row, name) for name in model.editable}
    _apply(row, actor=actor, values=values)
    if base is not None:
        foreign = [one.field for one in _differences(row, _changes(row, before), since=base) if not one.is_own]
        _apply(row, actor=actor, values={name: before[name] for name in foreign})
    changes = _changes(row, before)
    if not changes:
        return row
    if row.version != version:
        raise StaleVersion(row, _differences(row, changes, since=version if base is None else base))
    dependent = {name: getattr(row, name) for name in model.dependent}
    row.changed_by(actor)
    changes |= _changes(row, dependent)
    row.version += 1
    row.save()
    audit.record(actor=actor, action=row.change_action(), target=row, changes=changes, version=row.version)
    return row


@transaction.atomic
def switch(*, model: type[Row], actor: User, code: str, enabled: bool) -> Row:
    """Switch a row on or off; a row that is so already stays untouched. Invalid when it is not ready to be on."""
    row = _lock(model, code=code, actor=actor)
    if row.enabled == enabled:
        return row
    if enabled:
        row.check_ready()
    row.enabled = enabled
    row.save(update_fields=["enabled"])
    changes = {"enabled": [not enabled, enabled]}
    audit.record(actor=actor, action=row.change_action(), target=row, changes=changes)
    return row


def values_of(row: Managed) -> dict[str, Any]:
    """{editable field: value as JSON}."""
    return {name: as_json(getattr(row, name)) for name in row.editable}


def as_json(value: Any) -> Any:
    """A field's value as the audit trail keeps it: a row by its code (else its key), dates and amounts as text."""
    if isinstance(value, models.Model):
        return getattr(value, "code", None) or value.pk
    return value if value is None or isinstance(value, (str, int, float, dict, list)) else str(value)


def _lock(model: type[Row], *, code: str, actor: User) -> Row:
    row = find_row(model=model, actor=actor, code=code, lock=True)
    require_own_branch(row, actor)
    return row


def _apply(row: Managed, *, actor: User, values: Mapping[str, Any]) -> None:
    if unknown := set(values) - set(row.editable):
        raise ValueError(f"not editable: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value)
    row.normalize()
    require_own_branch(row, actor)


def _insert(row: Row, *, actor: User, values: Mapping[str, Any], **noted: str) -> Row:
    _apply(row, actor=actor, values=values)
    row.changed_by(actor)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if not type(row)._base_manager.filter(code=row.code).exists():
            raise
        text = _("The code %(code)s is taken by another %(kind)s.") % {"kind": row._meta.verbose_name, "code": row.code}
        detail = {"field": "code", "code": "code_taken", "message": text}
        raise Conflict(text, code="code_taken", details=[detail]) from error
    audit.record(actor=actor, action=row.change_action(), target=row, made=values_of(row), version=row.version, **noted)
    return row


def require_own_branch(row: Managed, actor: User, *, permission: str = "") -> None:
    """Raise Refused unless `actor` may decide for the row's branch. permission: by default that to edit the kind."""
    if not may_decide(actor=actor, permission=permission or row.edit_permission, branch=row.branch):
        text = _("This %(kind)s also concerns customers outside your branch.")
        raise Refused(text % {"kind": row._meta.verbose_name}, code="outside_branch")


def _changes(row: Managed, before: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{field: [before, after] as JSON} of those that differ."""
    after = {name: getattr(row, name) for name in before}
    return {name: [as_json(old), as_json(after[name])] for name, old in before.items() if old != after[name]}


def _differences(row: Managed, changes: Mapping[str, list[Any]], *, since: int) -> list[Difference]:
    others = changes_since(row, since)
    return [
        Difference(name, stored, sent, actor_of(other.newest), other.newest.at, is_own=sent != other.base)
        if (other := others.get(name))
        else Difference(name, stored, sent)
        for name, (stored, sent) in changes.items()
    ]
