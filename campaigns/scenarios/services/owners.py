"""Scenarios whose owner has left: they go on, and those who decide for them are told once."""

from datetime import datetime

from campaigns.declarations import OWNER_LEFT
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.notices import tell_deciders
from retention.core.accounts.models import User
from retention.core.notices.models import Notice
from retention.core.notices.text import Message


def report_owner(*, user: User, now: datetime) -> int:
    """Tell of each scenario that is on and whose owner `user` has left. Returns how many were told of."""
    if user.is_active:
        return 0
    scenarios = Scenario.objects.filter(owner=user, enabled=True).select_related("branch").order_by("code")
    left = [scenario for scenario in scenarios if not _is_told(scenario, user)]
    for scenario in left:
        what = Message(OWNER_LEFT, {"scenario": scenario.code, "owner": user.username, "name": user.display_name})
        tell_deciders(scenario=scenario, what=what, page="campaigns:scenario", now=now)
    return len(left)


def _is_told(scenario: Scenario, owner: User) -> bool:
    asked = {"params__scenario": scenario.code, "params__owner": owner.username}
    return Notice.objects.filter(message=OWNER_LEFT, **asked).exists()
