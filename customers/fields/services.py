"""Declaring the operator's own fields. Refused without the permission, NotFound, StaleRow."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.facts.models import CustomField
from retention.core.accounts.models import User
from retention.core.administration.services import Seen, change_row, make_row
from retention.core.errors import Conflict, NotFound, Refused

OWN_FIELD_ACTION = "custom_field.change"


@transaction.atomic
def create_own_field(*, actor: User, key: str, values: Mapping[str, Any]) -> CustomField:
    """A new field, of use from the next delivery of its values on. values: kind, name, name_zh."""
    _require_edit(actor)
    row = CustomField(key=key, **values)
    try:
        with transaction.atomic():
            make_row(row=row, actor=actor, names=values, action=OWN_FIELD_ACTION, target=target_of(key))
    except IntegrityError as error:
        text = _("There is a field with the key %(key)s already.") % {"key": key}
        detail = {"field": "key", "code": "taken", "message": text}
        raise Conflict(text, code="taken", details=[detail]) from error
    return row


@transaction.atomic
def rename_own_field(*, actor: User, key: str, values: Mapping[str, Any], seen: Seen) -> CustomField:
    """Change the names of a field. values: name, name_zh."""
    _require_edit(actor)
    if fixed := {"key", "kind"} & values.keys():
        raise ValueError(f"not editable: {sorted(fixed)}")
    row = CustomField.objects.select_for_update(no_key=True).filter(key=key).first()
    if row is None:
        raise NotFound(_("There is no such field."))
    change_row(row=row, actor=actor, values=values, seen=seen, action=OWN_FIELD_ACTION, target=target_of(key))
    return row


def target_of(key: str) -> str:
    """The field's name in the trail."""
    return f"customfield:{key}"


def _require_edit(actor: User) -> None:
    if not actor.may("own_fields.edit"):
        raise Refused(_("Your role does not include this."))
