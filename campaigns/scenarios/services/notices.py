"""Telling those who decide for a scenario."""

from datetime import datetime

from django.urls import reverse

from campaigns.scenarios.models import Scenario
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.managed.permissions import may_decide
from retention.core.notices.models import Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message


def tell_deciders(*, scenario: Scenario, what: Message, page: str, now: datetime, but: User | None = None) -> int:
    """A notice to the retention managers who decide for the scenario's branch, without any of them to administrators.

    page: the name of the address that it leads to; but: who is not told. Returns how many are.
    """
    people = User.objects.filter(is_active=True, role__in=[Role.MANAGER, Role.ADMINISTRATOR]).select_related("branch")
    deciders = [
        one
        for one in people
        if one != but and may_decide(actor=one, permission=Scenario.edit_permission, branch=scenario.branch)
    ]
    managers = [one for one in deciders if one.role == Role.MANAGER]
    where = reverse(page, args=[scenario.code])
    return notify(people=managers or deciders, what=what, where=where, urgency=Urgency.NORMAL, now=now)
