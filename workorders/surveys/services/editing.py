"""Writing questionnaires: a draft is saved, published and from then on kept as it is.

All raise Refused without the permission; NotFound; Conflict for a draft that somebody else has saved meanwhile.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.administration.services import Seen
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from workorders.order_types.models import OrderType
from workorders.order_types.services import change_order_type
from workorders.surveys.models import Questionnaire, State
from workorders.surveys.problems import problems
from workorders.surveys.tree import read

ACTION = "questionnaire.change"


@transaction.atomic
def create_questionnaire(
    *, actor: User, code: str, name: str, name_zh: str, now: datetime, tree: Mapping[str, Any] | None = None
) -> Questionnaire:
    """A new questionnaire as a draft, empty or with the rows of another. Conflict when the code is taken."""
    _require_edit(actor)
    if Questionnaire.objects.filter(code=code).exists():
        raise _taken(code)
    row = Questionnaire(
        code=code, name=name, name_zh=name_zh, tree=dict(tree or {"blocks": []}), edited_at=now, edited_by=actor
    )
    _insert(row)
    audit.record(actor=actor, action=ACTION, target=row, made={"name": name, "name_zh": name_zh}, version=row.version)
    return row


@transaction.atomic
def copy_questionnaire(
    *, actor: User, code: str, new_code: str, name: str, name_zh: str, now: datetime
) -> Questionnaire:
    """A new questionnaire with the rows of the newest version of another."""
    source = Questionnaire.objects.versions_of(code).first()
    if source is None:
        raise _unknown()
    return create_questionnaire(actor=actor, code=new_code, name=name, name_zh=name_zh, now=now, tree=source.tree)


@transaction.atomic
def begin_draft(*, actor: User, code: str, now: datetime, of: int | None = None) -> Questionnaire:
    """The draft of the next version, with the rows of version `of` (None: the newest); the one there is, if any."""
    _require_edit(actor)
    versions = list(Questionnaire.objects.select_for_update(no_key=True).versions_of(code))
    if not versions:
        raise _unknown()
    if versions[0].is_draft:
        return versions[0]
    source = next((one for one in versions if of in {None, one.version}), None)
    if source is None:
        raise NotFound(_("There is no such version."))
    row = Questionnaire(
        code=code, version=versions[0].version + 1, name=source.name, name_zh=source.name_zh, tree=source.tree,
        edited_at=now, edited_by=actor,
    )  # fmt: skip
    _insert(row)
    audit.record(actor=actor, action=ACTION, target=row, version=row.version, begun_from=source.version)
    return row


@transaction.atomic
def save_tree(
    *, actor: User, code: str, edits: int, name: str, name_zh: str, tree: Mapping[str, Any], now: datetime
) -> Questionnaire:
    """Save the draft as it stood at `edits`. What is not finished yet may be saved; Invalid for what is no tree."""
    row = _lock_draft(actor, code, edits)
    read(tree)
    if (row.name, row.name_zh, row.tree) == (name, name_zh, tree):
        return row
    changes = {"name": [row.name, name], "name_zh": [row.name_zh, name_zh]}
    row.name, row.name_zh, row.tree = name, name_zh, dict(tree)
    row.edits, row.edited_at, row.edited_by = row.edits + 1, now, actor
    row.save()
    changed = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    audit.record(actor=actor, action=ACTION, target=row, version=row.version, changes=changed, rows=len(tree["blocks"]))
    return row


@transaction.atomic
def publish(*, actor: User, code: str, edits: int, now: datetime) -> Questionnaire:
    """Orders opened from now on ask the draft. Invalid, with the first problem, while it has any."""
    row = _lock_draft(actor, code, edits)
    if found := problems(row.as_tree()):
        details = [{"row": one.row, "field": one.field, "code": one.code, "message": one.message} for one in found]
        raise Invalid(_("The questionnaire has problems; each stands at its row."), code="problems", details=details)
    row.state, row.published_at = State.PUBLISHED, now
    row.save(update_fields=["state", "published_at"])
    audit.record(
        actor=actor, action=ACTION, target=row, version=row.version, changes={"state": [State.DRAFT, State.PUBLISHED]}
    )
    return row


@transaction.atomic
def discard_draft(*, actor: User, code: str, edits: int) -> None:
    """The draft is deleted; published versions stay."""
    row = _lock_draft(actor, code, edits)
    audit.record(actor=actor, action=ACTION, target=row, version=row.version, discarded=True)
    row.delete()


@transaction.atomic
def ask_in_type(*, actor: User, code: str, order_type: str, asked: bool) -> OrderType:
    """Orders of a type opened from now on ask this questionnaire, or none any more.

    Invalid before the first version is published; takes the permission to change order types.
    """
    if not Questionnaire.objects.published().filter(code=code).exists():
        raise Invalid(_("Publish it first: before that there is nothing to ask."), code="not_published")
    current = OrderType.objects.for_administration().filter(code=order_type).first()
    if current is None:
        raise NotFound(_("There is no such order type."))
    if not asked and current.questionnaire != code:
        return current
    return change_order_type(
        actor=actor,
        code=order_type,
        values={"questionnaire": code if asked else None},
        seen=Seen(base={"questionnaire": current.questionnaire}),
    )


def _lock_draft(actor: User, code: str, edits: int) -> Questionnaire:
    _require_edit(actor)
    rows = Questionnaire.objects.select_for_update(no_key=True, of=("self",)).versions_of(code)
    row = rows.filter(state=State.DRAFT).first()
    if row is None:
        if rows.exists():
            raise Conflict(_("There is no draft any more: it was published or discarded."), code="no_draft")
        raise _unknown()
    if row.edits != edits:
        raise Conflict(_("Somebody else has saved this draft meanwhile. Load it again."), code="stale_version")
    return row


def _insert(row: Questionnaire) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(row.code) from error


def _taken(code: str) -> Conflict:
    text = _("The code %(code)s is taken by another questionnaire.") % {"code": code}
    return Conflict(text, code="code_taken", details=[{"field": "code", "code": "code_taken", "message": text}])


def _unknown() -> NotFound:
    return NotFound(_("There is no such questionnaire."))


def _require_edit(actor: User) -> None:
    if not actor.may("surveys.edit"):
        raise Refused(_("Your role does not include this."))
