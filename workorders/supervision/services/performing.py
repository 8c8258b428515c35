"""One action on many orders by its name: what a person is asked for, and what a run in the background repeats."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from retention.core.accounts.models import Team, User
from retention.core.errors import NotFound
from workorders.supervision.actions import Action
from workorders.supervision.services import moving
from workorders.supervision.services.moving import BulkResult

# What an action is given, as JSON: agent (user name) or team (code); until (ISO); reason; priority.
Given = Mapping[str, Any]


def perform(*, action: str, order_nos: Sequence[str], given: Given, actor: User, now: datetime) -> BulkResult:
    """Raises what the action raises; NotFound for a person or a group that is gone."""
    return _ACTIONS[Action(action)](order_nos, given, actor, now)


def target_of(given: Given) -> tuple[User | None, Team | None]:
    """The agent or the group that orders are given to. NotFound when it is not there any more."""
    agent = User.objects.prefetch_related("teams").filter(username=given.get("agent", "")).first()
    team = Team.objects.filter(code=given.get("team", "")).first()
    if agent is None and team is None:
        raise NotFound(_("There is no such agent in your groups."))
    return agent, team


def _give(order_nos: Sequence[str], given: Given, actor: User, now: datetime) -> BulkResult:
    agent, team = target_of(given)
    return moving.reassign(order_nos=order_nos, actor=actor, agent=agent, team=team, now=now)


def _take_back(order_nos: Sequence[str], given: Given, actor: User, now: datetime) -> BulkResult:
    return moving.take_back(order_nos=order_nos, actor=actor, now=now)


def _defer(order_nos: Sequence[str], given: Given, actor: User, now: datetime) -> BulkResult:
    until = datetime.fromisoformat(given["until"])
    return moving.defer(order_nos=order_nos, actor=actor, until=until, reason=given["reason"], now=now)


def _prioritize(order_nos: Sequence[str], given: Given, actor: User, now: datetime) -> BulkResult:
    return moving.prioritize(order_nos=order_nos, actor=actor, priority=given["priority"], now=now)


def _cancel(order_nos: Sequence[str], given: Given, actor: User, now: datetime) -> BulkResult:
    return moving.cancel(order_nos=order_nos, actor=actor, reason=given["reason"], now=now)


_ACTIONS: dict[Action, Callable[[Sequence[str], Given, User, datetime], BulkResult]] = {
    Action.GIVE: _give,
    Action.TAKE_BACK: _take_back,
    Action.DEFER: _defer,
    Action.PRIORITY: _prioritize,
    Action.CANCEL: _cancel,
}
