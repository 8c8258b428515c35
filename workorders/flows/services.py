"""Drafts of order types: begun from the version in use, changed by one editor at a time, published or given up.

All raise Refused without the permission, and NotFound.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from retention.core.accounts.models import User
from retention.core.accounts.roles import ALL_PERMISSIONS
from retention.core.administration.services import Seen, change_row
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.effects import EFFECTS
from workorders.orders.problems import Problem, Vocabulary, problems

DRAFT_ACTION, PUBLISH_ACTION = "order_type.draft", "order_type.publish"
# A draft begins with all else of the version that it is begun from.
OF_A_VERSION = {"id", "code", "version", "status", "active", "routes"}


def problems_of(row: OrderType) -> list[Problem]:
    """What keeps this version from being published, with what is in use now."""
    in_use = Disposition.objects.choosable().values_list("code", "closes")
    words = Vocabulary(ALL_PERMISSIONS, dict(in_use), EFFECTS)
    return problems(stages=row.stages, moves=row.moves, flow=row.flow, fields=row.fields, words=words)


@transaction.atomic
def start_draft(*, actor: User, code: str) -> OrderType:
    """The draft of a type: the one that there is, or a copy of the version that new orders take."""
    _require_edit(actor)
    versions = list(OrderType.objects.select_for_update(no_key=True).filter(code=code))
    if not versions:
        raise NotFound(_("There is no such order type."))
    draft = next((one for one in versions if one.status == OrderType.Status.DRAFT), None)
    if draft is not None:
        return draft
    base = max(versions, key=lambda one: (one.active, one.version))
    values = {
        one.attname: getattr(base, one.attname)
        for one in OrderType._meta.concrete_fields
        if one.attname not in OF_A_VERSION
    }
    draft = OrderType(
        code=code, version=max(one.version for one in versions) + 1, status=OrderType.Status.DRAFT, **values
    )
    draft.save(force_insert=True)
    audit.record(actor=actor, action=DRAFT_ACTION, target=draft, version=draft.version, based_on=base.version)
    return draft


@transaction.atomic
def create_type(*, actor: User, code: str, values: Mapping[str, Any]) -> OrderType:
    """A new type, as a draft with the usual stages and moves. Conflict for a code that is taken."""
    _require_edit(actor)
    row = OrderType(code=code, version=1, status=OrderType.Status.DRAFT, **values)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        message = _("There is an order type with this code.")
        raise Conflict(message, code="taken", details=[{"field": "code", "message": message}]) from error
    audit.record(actor=actor, action=DRAFT_ACTION, target=row, version=1)
    return row


@transaction.atomic
def change_draft(*, actor: User, code: str, values: Mapping[str, Any], seen: Seen) -> OrderType:
    """Save the draft as it was typed, with its problems if it has any. StaleRow when somebody else saved it since."""
    draft = _locked_draft(actor, code)
    change_row(row=draft, actor=actor, values=values, seen=seen, action=DRAFT_ACTION, target=f"ordertype:{code}")
    return draft


@transaction.atomic
def publish_draft(*, actor: User, code: str) -> OrderType:
    """New orders take this version from now on; running ones keep theirs. Invalid with the problems that it has."""
    draft = _locked_draft(actor, code)
    found = problems_of(draft)
    if found:
        details = [{"field": one.row, "code": one.code, "message": one.message} for one in found]
        text = ngettext(
            "It cannot be published: %(count)d problem.", "It cannot be published: %(count)d problems.", len(found)
        )
        raise Invalid(text % {"count": len(found)}, code="problems", details=details)
    draft.status, draft.active = OrderType.Status.PUBLISHED, True
    draft.save()
    audit.record(actor=actor, action=PUBLISH_ACTION, target=draft, version=draft.version)
    return draft


@transaction.atomic
def discard_draft(*, actor: User, code: str) -> None:
    """Give the draft up. No order can have been opened with it."""
    draft = _locked_draft(actor, code)
    version = draft.version
    draft.delete()
    audit.record(actor=actor, action=DRAFT_ACTION, target=f"ordertype:{code}", version=version, discarded=True)


def _locked_draft(actor: User, code: str) -> OrderType:
    _require_edit(actor)
    draft = OrderType.objects.drafts().select_for_update(no_key=True).filter(code=code).first()
    if draft is None:
        raise NotFound(_("There is no draft of this order type."))
    return draft


def _require_edit(actor: User) -> None:
    if not actor.may("order_types.edit"):
        raise Refused(_("Your role does not include this."))
