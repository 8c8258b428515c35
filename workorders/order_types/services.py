"""Writes of order types and dispositions: those that ship, and what an administrator changes.

All changes raise Refused without the permission, NotFound, StaleRow, and Invalid for what no order could end with.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.scenarios.models import Scenario
from retention.core.accounts.models import User
from retention.core.administration.services import Seen, apply_values, change_row, make_row
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from workorders.order_types import defaults, rules
from workorders.order_types.clocks import read_clocks
from workorders.order_types.models import Disposition, OrderType

TYPE_ACTION, DISPOSITION_ACTION = "order_type.change", "disposition.change"
# What running orders were opened with: a change makes the next version once a version has orders.
MEANING = frozenset({"purpose", "due_hours", "clocks", "flow", "fields", "script", "script_zh", "questionnaire"})
# What reports count by: it stays as it was made.
COUNTED_BY = frozenset({"result", "reached"})


@transaction.atomic
def install_order_types() -> dict[str, int]:
    """Bring the shipped types and dispositions in. Safe to run again: what an administrator changed stays as it is.

    Gives back {"order_types": new rows, "dispositions": new rows}.
    """
    headings = {}
    made = 0
    for position, (code, name, name_zh) in enumerate(defaults.HEADINGS):
        row, new = Disposition.objects.get_or_create(
            code=code, defaults={"name": name, "name_zh": name_zh, "position": position}
        )
        headings[code], made = row, made + new
    for position, values in enumerate(defaults.DISPOSITIONS):
        given = dict(values)
        code, parent = given.pop("code"), headings[given.pop("parent")]
        _row, new = Disposition.objects.get_or_create(
            code=code, defaults=given | {"parent": parent, "position": position}
        )
        made += new
    types = 0
    for values in defaults.ORDER_TYPES:
        rules.read(values["flow"], values["fields"])
        _type, new = OrderType.objects.get_or_create(code=values["code"], version=values["version"], defaults=values)
        types += new
    return {"order_types": types, "dispositions": made}


@transaction.atomic
def change_order_type(*, actor: User, code: str, values: Mapping[str, Any], seen: Seen) -> OrderType:
    """Change the version of a type that new orders take; gives back the one that holds the change.

    A version that has orders keeps its meaning: the change becomes the next version, which new orders take, while
    running ones keep theirs. A type is switched off in all its versions, so that no old one comes back; Invalid while
    scenarios that are on open orders of it.
    """
    _require_edit(actor)
    versions = list(OrderType.objects.select_for_update(no_key=True).filter(code=code))
    if not versions:
        raise NotFound(_("There is no such order type."))
    row = max(versions, key=lambda one: (one.status == OrderType.Status.PUBLISHED, one.active, one.version))
    changes = apply_values(row=row, values=values, seen=seen, action=TYPE_ACTION, target=f"ordertype:{code}")
    if not changes:
        return row
    if changes.keys() - {"active"} and any(one.status == OrderType.Status.DRAFT for one in versions):
        message = _("A new version of this type is being edited. Publish it or give it up first.")
        raise Conflict(message, code="draft_open")
    rules.read(row.flow, row.fields)
    read_clocks(row.clocks, row.due_hours)
    if MEANING & changes.keys() and row.orders.exists():
        row.pk, row.version = None, max(one.version for one in versions) + 1
    row.save()
    if not row.active:
        _require_unused(code)
        OrderType.objects.filter(code=code).update(active=False)
    _require_ends()
    audit.record(actor=actor, action=TYPE_ACTION, target=row, changes=changes, version=row.version)
    return row


@transaction.atomic
def create_disposition(*, actor: User, code: str, values: Mapping[str, Any]) -> Disposition:
    """A new end of a contact, below a heading."""
    _require_edit(actor)
    row = Disposition(code=code, **values)
    try:
        with transaction.atomic():
            make_row(row=row, actor=actor, names=values, action=DISPOSITION_ACTION)
    except IntegrityError as error:
        raise _refused_by_database() from error
    return row


@transaction.atomic
def change_disposition(*, actor: User, code: str, values: Mapping[str, Any], seen: Seen) -> Disposition:
    """Change a disposition for contacts saved from now on. Its result and whether the customer was reached stay."""
    _require_edit(actor)
    if fixed := COUNTED_BY & values.keys():
        raise ValueError(f"not editable: {sorted(fixed)}")
    row = Disposition.objects.select_for_update(no_key=True).filter(code=code).first()
    if row is None:
        raise NotFound(_("There is no such disposition."))
    try:
        with transaction.atomic():
            change_row(row=row, actor=actor, values=values, seen=seen, action=DISPOSITION_ACTION)
    except IntegrityError as error:
        raise _refused_by_database() from error
    _require_ends()
    return row


def _require_edit(actor: User) -> None:
    if not actor.may("order_types.edit"):
        raise Refused(_("Your role does not include this."))


def _require_unused(code: str) -> None:
    used = Scenario.objects.filter(order_type=code, enabled=True).order_by("code").values_list("code", flat=True)
    if used:
        text = _("Scenarios that are on open orders of this type: %(codes)s. Give them another type first.")
        raise Invalid(text % {"codes": ", ".join(used)}, code="in_use", details=[{"field": "active", "code": "in_use"}])


def _require_ends() -> None:
    """Invalid when an order type in use would offer nothing that closes its orders."""
    closing = set(Disposition.objects.filter(active=True, closes=True).values_list("code", flat=True))
    for row in OrderType.objects.current():
        offered = set(row.flow.get("dispositions", ()))
        if not (closing & offered if offered else closing):
            text = _("Orders of the type %(name)s could not be closed any more: no disposition that closes is left.")
            raise Invalid(text % {"name": row.title}, code="no_end")


def _refused_by_database() -> Conflict:
    """What the form has checked was taken by somebody else in between."""
    return Conflict(_("The code or the key is taken by another disposition."), code="taken")
