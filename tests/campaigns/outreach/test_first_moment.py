"""Hours of a channel and the first moment at which nothing forbids a contact: pure, to the minute."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from campaigns.outreach.rules import Hours, first_allowed, window_start
from tests.factories import NOW, TODAY

CALLS = Hours(time(9), time(20))
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day, hour, minute=0, zone=SHANGHAI):
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        (at(20, 8, 59), at(20, 9)),
        (at(20, 9), at(20, 9)),
        (at(20, 19, 59), at(20, 19, 59)),
        (at(20, 20), at(21, 9)),
        (at(20, 23, 30), at(21, 9)),
        (at(20, 1, 0, ZoneInfo("UTC")), at(20, 9)),
    ],
)
def test_calls_begin_at_nine_and_end_before_twenty(asked, opens):
    assert CALLS.open_from(asked) == opens


def test_days_without_calls_are_left_out():
    """20 November 2026 is a Friday."""
    weekend = Hours(time(9), time(20), frozenset({6, 7}))
    assert weekend.open_from(at(20, 21)) == at(23, 9)
    assert weekend.open_from(at(21, 12)) == at(23, 9)
    assert weekend.open_from(at(20, 12)) == at(20, 12)
    assert Hours(time(9), time(20), frozenset({1, 2, 3, 4, 6, 7})).open_from(at(20, 20)) == at(27, 9)


@pytest.fixture
def berlin(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.get_default_timezone.cache_clear()
    yield ZoneInfo("Europe/Berlin")
    settings.TIME_ZONE = "Asia/Shanghai"
    timezone.get_default_timezone.cache_clear()


def test_hours_are_of_the_clock_on_the_wall_also_when_it_is_changed(berlin):
    """Summer time ends on 25 October 2026 and begins on 28 March 2027, each at night."""
    evening = datetime(2026, 10, 24, 21, tzinfo=berlin)
    assert CALLS.open_from(evening) == datetime(2026, 10, 25, 9, tzinfo=berlin)
    assert CALLS.open_from(evening).timestamp() - evening.timestamp() == 13 * 3600
    left_out = Hours(time(2, 30), time(20)).open_from(datetime(2027, 3, 27, 22, tzinfo=berlin))
    assert left_out == datetime(2027, 3, 28, 3, 30, tzinfo=berlin)


def test_a_window_is_so_many_times_24_hours_also_when_the_clock_is_changed(berlin):
    made = datetime(2026, 10, 24, 12, tzinfo=berlin)
    free = made.timestamp() + 7 * 24 * 3600
    assert window_start(datetime.fromtimestamp(free, berlin), 7) == made


@pytest.mark.parametrize(
    ("barred", "first"),
    [
        ([], NOW),
        ([(TODAY, TODAY)], at(21, 9)),
        ([(TODAY, TODAY + timedelta(days=2))], at(23, 9)),
        ([(TODAY, TODAY), (TODAY + timedelta(days=1), TODAY + timedelta(days=3))], at(24, 9)),
        ([(TODAY, TODAY), (TODAY + timedelta(days=2), None)], at(21, 9)),
        ([(TODAY, TODAY + timedelta(days=2)), (TODAY + timedelta(days=3), None)], None),
        ([(date(2026, 1, 1), None)], None),
        ([(TODAY + timedelta(days=1), None)], NOW),
    ],
)
def test_lists_bar_whole_days_and_one_may_follow_another(barred, first):
    assert first_allowed(free_from=NOW, barred=barred, hours=CALLS) == first


def test_a_window_that_frees_at_night_waits_for_the_morning_and_for_the_list_of_that_day():
    tomorrow = TODAY + timedelta(days=1)
    free_from = at(20, 21)
    assert first_allowed(free_from=free_from, barred=[], hours=CALLS) == at(21, 9)
    assert first_allowed(free_from=free_from, barred=[(tomorrow, tomorrow)], hours=CALLS) == at(22, 9)
