"""Switching a scenario on, with what it finds known."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries import DryRun, dry_run
from campaigns.scenarios.services.approval import approval_for, submit
from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.managed.queries import find_row
from retention.core.managed.services import require_own_branch, switch
from retention.core.ui import formats

# A rule that catches more of the base than this is more often a slip than a plan.
ASKED_SHARE = 0.2


def asks_number(run: DryRun) -> bool:
    """Whether the person who switches it on must type the number of lines that it finds."""
    return run.share > ASKED_SHARE


@transaction.atomic
def switch_on(*, actor: User, code: str, number: int | None, now: datetime) -> Scenario:
    """Switch a scenario on, or submit it where somebody else has to approve it: then it is still off.

    number: the lines that the person was shown, needed where they are much of the base. Raises as
    managed.services.switch; Invalid (type_the_number) for another number than is found now.
    """
    scenario = find_row(model=Scenario, actor=actor, code=code, lock=True)
    require_own_branch(scenario, actor)
    if scenario.enabled or scenario.trigger == Scenario.Trigger.EVENT:
        return switch(model=Scenario, actor=actor, code=code, enabled=True)
    scenario.check_ready()
    run = dry_run(scenario=scenario, user=actor, now=now)
    if run is not None and asks_number(run) and number != run.found:
        text = _("It finds %(found)s lines, %(share)s of all. Type this number to switch it on.")
        words = {"found": formats.number(run.found), "share": formats.percent(run.share)}
        raise Invalid(text % words, code="type_the_number", details=[{"field": "number", "code": "required"}])
    if not approval_for(scenario=scenario, run=run, user=actor).may_switch_on:
        return submit(scenario=scenario, actor=actor, now=now)
    return switch(model=Scenario, actor=actor, code=code, enabled=True)
