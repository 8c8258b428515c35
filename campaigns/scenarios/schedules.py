"""On which nights a scenario runs. Pure."""

from datetime import date, timedelta

from campaigns.scenarios.models import Scenario

Trigger = Scenario.Trigger


def first_due(scenario: Scenario, *, on: date) -> date:
    """The first night on or after `on` that its schedule names."""
    if scenario.trigger == Trigger.WEEKLY and scenario.weekday is not None:
        return on + timedelta(days=(scenario.weekday - on.weekday()) % 7)
    if scenario.trigger == Trigger.MONTHLY and on.day > 1:
        return (on.replace(day=1) + timedelta(days=31)).replace(day=1)
    return on


def next_night(scenario: Scenario, *, on: date) -> date:
    """When it runs next, as seen on the day `on`: a night that was missed is made up by the next one."""
    return max(scenario.next_on or first_due(scenario, on=on), on)
