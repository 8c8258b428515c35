"""Scenarios whose owner has left: they go on, and those who decide for them are told once."""

from datetime import datetime

from django.urls import reverse

from campaigns.declarations import OWNER_LEFT
from campaigns.scenarios.models import Scenario
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.managed.permissions import may_decide
from retention.core.notices.models import Notice, Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message


def report_owner(*, user: User, now: datetime) -> int:
    """Tell of each scenario that is on and whose owner `user` has left. Returns how many were told of.

    The retention managers who decide for its branch are told, without any of them the administrators.
    """
    if user.is_active:
        return 0
    scenarios = Scenario.objects.filter(owner=user, enabled=True).select_related("branch").order_by("code")
    told = [scenario for scenario in scenarios if not _is_told(scenario, user)]
    people = list(User.objects.filter(is_active=True, role__in=[Role.MANAGER, Role.ADMINISTRATOR]))
    for scenario in told:
        notify(
            people=_deciders(scenario, people),
            what=Message(OWNER_LEFT, {"scenario": scenario.code, "owner": user.username, "name": user.display_name}),
            where=reverse("campaigns:scenario", args=[scenario.code]),
            urgency=Urgency.NORMAL,
            now=now,
        )
    return len(told)


def _deciders(scenario: Scenario, people: list[User]) -> list[User]:
    permission = Scenario.edit_permission
    deciders = [one for one in people if may_decide(actor=one, permission=permission, branch=scenario.branch)]
    return [one for one in deciders if one.role == Role.MANAGER] or deciders


def _is_told(scenario: Scenario, owner: User) -> bool:
    return Notice.objects.filter(
        message=OWNER_LEFT, params__scenario=scenario.code, params__owner=owner.username
    ).exists()
