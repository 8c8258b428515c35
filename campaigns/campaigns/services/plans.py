"""Making and changing rows of the yearly plan."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.campaigns.models import Campaign, CampaignPlan
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Refused
from retention.core.managed.permissions import may_decide

PLAN_FIELDS = ("year", "quarter", "branch", "goal", "planned_kept", "budget")


@transaction.atomic
def save_plan(*, actor: User, values: Mapping[str, Any], plan: CampaignPlan | None = None) -> CampaignPlan:
    """A new row, or a change of `plan`. Refused outside the own branch; Conflict for a second row of a quarter."""
    row = plan or CampaignPlan()
    branches = [values["branch"], *([row.branch] if plan else [])]
    if not all(may_decide(actor=actor, permission=Campaign.edit_permission, branch=one) for one in branches):
        raise Refused(_("This plan also concerns customers outside your branch."), code="outside_branch")
    before = {name: str(getattr(row, name)) for name in PLAN_FIELDS} if plan else {}
    for name in PLAN_FIELDS:
        setattr(row, name, values[name])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        text = _("This branch has a plan for the quarter already.")
        detail = {"field": "quarter", "code": "taken", "message": text}
        raise Conflict(text, code="taken", details=[detail]) from error
    after = {name: str(getattr(row, name)) for name in PLAN_FIELDS}
    changes = {name: [before.get(name, ""), value] for name, value in after.items() if before.get(name) != value}
    audit.record(actor=actor, action="campaign_plan.change", target=f"campaign_plan:{row.pk}", changes=changes)
    return row
