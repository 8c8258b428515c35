"""Rules are made and changed here. A change holds for orders that are opened, or taken, from then on."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import Branch, User
from retention.core.administration.services import Seen, change_row, row_values
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound
from workorders.allocation.models import AllocationRule
from workorders.allocation.services.skills import require_allocation

RULE_ACTION = "allocation_rule.change"


@transaction.atomic
def create_rule(*, actor: User, code: str, values: Mapping[str, Any]) -> AllocationRule:
    """Refused without the permission, Invalid for a branch that is not the actor's, Conflict for a taken code."""
    require_allocation(actor)
    _require_branch(actor, values["branch"])
    agents = list(values.get("agents", ()))
    row = AllocationRule(code=code, **{name: value for name, value in values.items() if name != "agents"})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("The code is taken by another rule."), code="taken") from error
    row.agents.set(agents)
    audit.record(actor=actor, action=RULE_ACTION, target=row, made=row_values(row, values))
    return row


@transaction.atomic
def change_rule(*, actor: User, code: str, values: Mapping[str, Any], seen: Seen) -> AllocationRule:
    """As create_rule; NotFound for a rule that is not the actor's, StaleRow where somebody else has changed it."""
    require_allocation(actor)
    row = AllocationRule.objects.changeable_by(actor).filter(code=code).select_for_update(no_key=True).first()
    if row is None:
        raise NotFound(_("There is no such rule."))
    _require_branch(actor, values.get("branch", row.branch))
    change_row(row=row, actor=actor, values=values, seen=seen, action=RULE_ACTION)
    return row


def _require_branch(actor: User, branch: Branch) -> None:
    if not Branch.objects.visible_to(actor).filter(pk=branch.pk).exists():
        text = _("Choose your branch or one below it.")
        raise Invalid(text, details=[{"field": "branch", "code": "outside", "message": text}])
