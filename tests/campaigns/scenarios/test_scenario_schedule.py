"""On which nights a scenario runs. TODAY is Friday, 20 November 2026."""

from datetime import date, timedelta

import pytest

from campaigns.scenarios.models import Scenario, ScenarioRun
from campaigns.scenarios.schedules import first_due, next_night
from campaigns.scenarios.services.nightly import run_scenarios
from retention.core.errors import Invalid
from retention.core.managed.services import switch, update
from tests.campaigns.rows import make_line, make_scenario
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
Trigger = Scenario.Trigger
DAY = timedelta(days=1)
FRIDAY, MONDAY = 4, 0


def nights(*days: date, held: dict[str, str] | None = None) -> list[bool]:
    """Whether anything ran on each of these nights, one after the other."""
    return [
        bool(run_scenarios(as_of=day, now=NOW + (day - TODAY), held=held).scenarios)
        for day in days
    ]  # fmt: skip


def ran_on() -> list[date]:
    return list(ScenarioRun.objects.order_by("on").values_list("on", flat=True))


@pytest.mark.parametrize(
    ("trigger", "weekday", "on", "due"),
    [
        (Trigger.NIGHTLY, None, date(2026, 11, 20), date(2026, 11, 20)),
        (Trigger.WEEKLY, FRIDAY, date(2026, 11, 20), date(2026, 11, 20)),
        (Trigger.WEEKLY, MONDAY, date(2026, 11, 20), date(2026, 11, 23)),
        (Trigger.MONTHLY, None, date(2026, 11, 1), date(2026, 11, 1)),
        (Trigger.MONTHLY, None, date(2026, 11, 2), date(2026, 12, 1)),
        (Trigger.MONTHLY, None, date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_the_first_night_that_a_schedule_names(trigger, weekday, on, due):
    assert first_due(Scenario(trigger=trigger, weekday=weekday), on=on) == due


def test_a_weekly_scenario_runs_on_its_day_and_writes_nothing_on_the_others():
    make_scenario(trigger=Trigger.WEEKLY, weekday=FRIDAY)
    make_line()
    week = [TODAY + DAY * place for place in range(8)]
    assert nights(*week) == [True, False, False, False, False, False, False, True]
    assert ran_on() == [TODAY, TODAY + 7 * DAY]


def test_a_monthly_scenario_runs_on_the_first_night_of_the_month():
    make_scenario(trigger=Trigger.MONTHLY)
    assert nights(date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)) == [False, True, False]


def test_a_night_that_was_missed_is_made_up_once_by_the_next():
    make_scenario(trigger=Trigger.WEEKLY, weekday=FRIDAY)
    assert nights(TODAY) == [True]
    tuesday = TODAY + 11 * DAY  # no night ran on the Friday before
    assert nights(TODAY + 6 * DAY, tuesday, tuesday, tuesday + DAY) == [False, True, True, False]
    assert ran_on() == [TODAY, tuesday]
    assert nights(TODAY + 14 * DAY) == [True]


def test_a_night_that_was_held_is_owed():
    make_scenario(trigger=Trigger.WEEKLY, weekday=FRIDAY, needs=["bills"])
    assert nights(TODAY, held={"bills": "missing"}) == [True]
    assert nights(TODAY + DAY, TODAY + 2 * DAY) == [True, False]


def test_what_was_switched_on_in_the_middle_of_the_week_waits_for_its_day(mia):
    scenario = make_scenario(trigger=Trigger.WEEKLY, weekday=MONDAY, enabled=False)
    nights(TODAY)
    switch(model=Scenario, actor=mia, code=scenario.code, enabled=True)
    assert nights(TODAY + DAY, TODAY + 2 * DAY, TODAY + 3 * DAY) == [False, False, True]


def test_nights_in_which_it_was_off_are_not_owed(mia):
    scenario = make_scenario(trigger=Trigger.WEEKLY, weekday=FRIDAY)
    nights(TODAY)
    switch(model=Scenario, actor=mia, code=scenario.code, enabled=False)
    nights(TODAY + 7 * DAY)
    switch(model=Scenario, actor=mia, code=scenario.code, enabled=True)
    assert nights(TODAY + 8 * DAY, TODAY + 14 * DAY) == [False, True]


def test_a_week_needs_a_day_and_only_a_week_has_one(mia):
    scenario = make_scenario()
    with pytest.raises(Invalid) as wrong:
        update(model=Scenario, actor=mia, code=scenario.code, version=1, values={"trigger": Trigger.WEEKLY})
    assert wrong.value.details[0]["field"] == "weekday"
    values = {"trigger": Trigger.WEEKLY, "weekday": FRIDAY}
    weekly = update(model=Scenario, actor=mia, code=scenario.code, version=1, values=values)
    assert (weekly.weekday, next_night(weekly, on=TODAY + DAY)) == (FRIDAY, TODAY + 7 * DAY)
    values = {"trigger": Trigger.MONTHLY}
    assert update(model=Scenario, actor=mia, code=scenario.code, version=2, values=values).weekday is None
