"""Making, changing, switching, copying and approving managed rows.

Each service locks the row, checks the branch and writes the trail. All raise Invalid (422), Refused (403: a branch the
actor does not oversee), NotFound (404: also for rows that are not visible) and Conflict (409).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Refused
from retention.core.managed.models import Approvable, Managed
from retention.core.managed.permissions import may_decide
from retention.core.managed.queries import actor_of, changes_since, find_row, history_of
from retention.core.managed.states import MOVES, Move, State

Row = TypeVar("Row", bound=Managed)
DraftRow = TypeVar("DraftRow", bound=Approvable)


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


@transaction.atomic
def move_state(*, model: type[DraftRow], actor: User, code: str, version: int, move: Move) -> DraftRow:
    """Submit, approve or send back the row as it stood at `version`.

    Raises Refused for an approval by one of its authors since the last one, and without the permission in its branch;
    NotFound, StaleVersion, and Conflict when the row is not in the state that the move starts from.
    """
    before, after = MOVES[move]
    row = find_row(model=model, actor=actor, code=code, lock=True)
    require_own_branch(row, actor, permission=_permission(row, move))
    if row.version != version:
        raise StaleVersion(row, [])
    if row.state != before:
        raise Conflict(_("This has been moved to another state meanwhile."), code="wrong_state")
    if move == Move.APPROVE:
        if actor.pk in authors_of(row):
            raise Refused(_("It must be approved by somebody who has not written it."), code="own_work")
        row.approved_by = actor
    row.state = after
    row.save(update_fields=["state", "approved_by"])
    audit.record(actor=actor, action=row.change_action(), target=row, changes={"state": [before, after]})
    return row


def possible_moves(row: Approvable, actor: User) -> list[Move]:
    """Moves open to `actor` in the row's present state."""
    moves = [move for move, (before, _after) in MOVES.items() if before == row.state]
    own = actor.pk in authors_of(row)
    return [
        move
        for move in moves
        if may_decide(actor=actor, permission=_permission(row, move), branch=row.branch)
        and not (own and move == Move.APPROVE)
    ]


def _permission(row: Approvable, move: Move) -> str:
    return row.edit_permission if move == Move.SUBMIT else row.approve_permission


def authors_of(row: Managed) -> set[int | None]:
    """Ids of people who made or changed the row since it was last approved."""
    found = set()
    for entry in history_of(row):
        changes = entry.detail.get("changes", {})
        if changes.get("state", [None, None])[1] == State.APPROVED:
            break
        if not changes or changes.keys() & set(row.editable):
            found.add(entry.actor_id)
    return found
