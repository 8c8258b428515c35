"""The usual times of an appointment: round, when calls are made, and when the group works."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from campaigns.outreach.rules import Hours
from tests.factories import NOW
from tests.workorders.clocks.rows import make_calendar
from workorders.appointments.queries import usual_times_for
from workorders.appointments.rules import open_from, usual_times, works_from
from workorders.appointments.text import format_usual
from workorders.clocks.calendars import read_hours
from workorders.clocks.worktime import Elapsed

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALLS = Hours(datetime(2000, 1, 1, 9).time(), datetime(2000, 1, 1, 20).time())
# Friday, 20 November 2026; the group works Monday to Friday, 10:00 to 18:00.
OFFICE = read_hours(["10:00-18:00"] * 5 + ["", ""], [], "").worktime(SHANGHAI)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def offered(now: datetime, keeper=None) -> dict[str, str]:
    keeper = keeper or Elapsed()
    found = usual_times(now, lambda when: open_from(CALLS.open_from, keeper, when))
    return {str(one.preset): f"{one.at:%d %H:%M}" for one in found}


def test_in_the_morning_every_usual_time_is_offered_round():
    assert offered(at(20, 10, 2)) == {
        "hour": "20 11:05", "afternoon": "20 15:00", "morning": "21 09:30", "same_time": "21 10:05", "days": "23 10:05",
    }  # fmt: skip


def test_in_the_afternoon_there_is_no_afternoon_any_more():
    assert "afternoon" not in offered(at(20, 14))


def test_outside_the_hours_of_calls_a_time_is_moved_and_said_once():
    assert offered(at(20, 19, 30)) == {
        "hour": "21 09:00", "morning": "21 09:30", "same_time": "21 19:30", "days": "23 19:30",
    }  # fmt: skip


def test_a_weekend_off_moves_what_falls_into_it():
    assert offered(at(20, 16, 30), OFFICE) == {
        "hour": "20 17:30", "morning": "23 10:30", "same_time": "23 10:00", "days": "23 16:30",
    }  # fmt: skip


def test_a_group_that_never_works_moves_nothing():
    never = read_hours([""] * 7, [], "").worktime(SHANGHAI)
    assert works_from(never, at(20, 10)) == at(20, 10)


@pytest.mark.parametrize(("hour", "expected"), [(9, 10), (10, 10), (17, 17)])
def test_work_begins_where_its_shift_does(hour, expected):
    assert works_from(OFFICE, at(20, hour)) == at(20, expected)


@pytest.mark.django_db
def test_a_time_that_was_moved_says_so(order):
    make_calendar(code="office", hours=["10:00-18:00"] * 5 + ["", ""], holidays="")
    late = NOW.astimezone(SHANGHAI).replace(hour=17, minute=30)
    words = dict(format_usual(usual_times_for(order, now=late)))
    assert any(label.startswith("In 1 hour: calls only from") for label in words)
    assert words["Next morning"] == "2026-11-23T10:30"
