"""Working time by hand: split shifts, Spring Festival, made-up Sundays, nights on which the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention.core.errors import Invalid
from workorders.clocks.calendars import Hours
from workorders.clocks.hours import format_hours, parse_hours
from workorders.clocks.public_days import public_days
from workorders.clocks.worktime import (
    MINUTE,
    Elapsed,
    NoWorkingTime,
    Worktime,
    add_minutes,
    minutes_between,
    to_datetime,
    to_instant,
)

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
SPLIT = "09:00-12:00, 14:00-18:00"
WEEK = [SPLIT] * 5 + ["", ""]


def office(*, country="CN", days=(), zone=SHANGHAI, week=WEEK):
    own = {day: parse_hours(hours) for day, hours in days}
    return Hours(week=[parse_hours(one) for one in week], country=country, own=own).worktime(zone)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-20 09:00", 60, "2026-11-20 10:00"),
        ("2026-11-20 11:30", 60, "2026-11-20 14:30"),  # over the lunch break
        ("2026-11-20 11:00", 60, "2026-11-20 12:00"),  # the end of a shift, not the start of the next
        ("2026-11-20 12:30", 1, "2026-11-20 14:01"),
        ("2026-11-20 17:30", 60, "2026-11-23 09:30"),  # Friday to Monday
        ("2026-11-21 03:00", 7 * 60, "2026-11-23 18:00"),
        ("2026-11-20 09:00", 3 * 7 * 60, "2026-11-24 18:00"),
        # Spring Festival 2026: off from Sunday 15 to Monday 23 February; Saturdays 14 and 28 are made up.
        ("2026-02-13 17:00", 60 + 60, "2026-02-14 10:00"),
        ("2026-02-14 17:00", 60 + 60, "2026-02-24 10:00"),
        ("2026-02-27 18:00", 7 * 60, "2026-02-28 18:00"),
        # National Day 2026: Sunday 20 September is worked, 1 to 7 October are off, Saturday 10 October is worked.
        ("2026-09-18 18:00", 30, "2026-09-20 09:30"),
        ("2026-09-30 17:59", 2, "2026-10-08 09:01"),
        ("2026-10-09 18:00", 7 * 60 + 1, "2026-10-12 09:01"),
        # New Year 2026: 1 and 2 January are off, Sunday the 4th is made up.
        ("2025-12-31 18:00", 60, "2026-01-04 10:00"),
    ],
)
def test_minutes_are_added_as_a_person_would_count_them(start, minutes, due):
    keeper = office()
    assert add_minutes(keeper, at(start), minutes) == at(due)
    assert minutes_between(keeper, at(start), at(due)) == minutes


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20 08:00", "2026-11-20 20:00", 7 * 60),
        ("2026-11-20 12:00", "2026-11-20 14:00", 0),
        ("2026-11-21 00:00", "2026-11-23 00:00", 0),
        ("2026-02-13 00:00", "2026-02-25 00:00", 3 * 7 * 60),  # 13th, made-up 14th, 24th
        ("2026-11-23 10:00", "2026-11-20 10:00", -7 * 60),
        ("2026-11-20 11:59", "2026-11-20 14:01", 2),
    ],
)
def test_working_minutes_between_two_times(start, end, minutes):
    assert minutes_between(office(), at(start), at(end)) == minutes


def test_own_days_override_holidays_and_weekends():
    days = [(date(2026, 10, 1), "10:00-12:00"), (date(2026, 11, 21), "09:00-10:00"), (date(2026, 11, 20), "")]
    keeper = office(days=days)
    assert minutes_between(keeper, at("2026-10-01 00:00"), at("2026-10-02 00:00")) == 120
    assert add_minutes(keeper, at("2026-11-19 18:00"), 30) == at("2026-11-21 09:30")


def test_a_year_without_arrangement_has_the_days_of_the_law_and_says_so():
    known, unknown = public_days("CN", 2026), public_days("CN", 2027)
    assert (known.is_arranged, unknown.is_arranged) == (True, False)
    assert date(2026, 2, 14) in known.made_up and not unknown.made_up
    assert date(2026, 10, 7) in known.off
    assert {date(2027, 1, 1), date(2027, 10, 1), date(2027, 10, 3)} <= unknown.off.keys()
    assert date(2027, 10, 4) not in unknown.off  # a Monday: moved there only once it is arranged so


def night(zone, *shifts):
    return Worktime(lambda day: [*shifts], zone)


@pytest.mark.parametrize(
    ("day", "shift", "minutes"),
    [
        ("2026-03-29", (0, 360), 5 * 60),  # 02:00 jumps to 03:00
        ("2026-03-29", (120, 150), 0),  # 02:00-02:30 does not exist
        ("2026-03-29", (60, 150), 60),
        ("2026-03-29", (150, 240), 60),
        ("2026-03-29", (0, 1440), 23 * 60),
        ("2026-10-25", (0, 360), 7 * 60),  # 03:00 goes back to 02:00
        ("2026-10-25", (150, 240), 150),  # from the first 02:30 until 04:00
        ("2026-10-25", (60, 150), 150),  # until the second 02:30
        ("2026-10-25", (0, 1440), 25 * 60),
        ("2026-06-01", (0, 360), 6 * 60),
    ],
)
def test_a_shift_on_the_night_the_clocks_change_lasts_as_long_as_it_does(day, shift, minutes):
    start = at(f"{day} 00:00", BERLIN)
    end = (start + timedelta(days=1)).astimezone(UTC)
    keeper = night(BERLIN, shift)
    assert minutes_between(keeper, start, end) == minutes


def test_all_day_every_day_is_elapsed_time_in_every_zone():
    keeper = night(BERLIN, (0, 1440))
    start = at("2026-03-28 12:00", BERLIN)
    assert add_minutes(keeper, start, 48 * 60).astimezone(UTC) == start.astimezone(UTC) + timedelta(hours=48)


def test_shifts_of_no_length_are_none_and_a_week_of_them_never_comes_due():
    assert parse_hours("09:00-09:00, 10:00-11:00") == ((600, 660),)
    assert parse_hours("00:00-24:00") == ((0, 1440),)
    with pytest.raises(NoWorkingTime):
        add_minutes(office(week=["09:00-09:00"] + [""] * 6), at("2026-11-20 09:00"), 1)


@pytest.mark.parametrize("text", ["9-12", "09:00-25:00", "12:00-09:00", "09:00-12:00, 11:00-13:00", "09:60-10:00", "x"])
def test_hours_that_mean_nothing_are_refused(text):
    with pytest.raises(Invalid):
        parse_hours(text)


def test_hours_are_read_as_chinese_keyboards_type_them():
    assert format_hours(parse_hours("14：00—18：00，9：00至12：00")) == SPLIT


MOMENTS = st.datetimes(datetime(2025, 6, 1), datetime(2027, 6, 1))
SHIFTS = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(
    lambda edges: [(a, b) for a, b in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False)]
)


@settings(max_examples=150, deadline=None)
@given(
    week=st.lists(SHIFTS, min_size=7, max_size=7).filter(any),
    starts=st.lists(MOMENTS, min_size=1, max_size=5),
    minutes=st.integers(1, 5000),
    zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/Santiago")]),
)
def test_what_is_added_is_what_is_measured(week, starts, minutes, zone):
    keeper = Worktime(lambda day: week[day.weekday()], zone)
    begin = np.array([to_instant(one.replace(tzinfo=zone)) for one in starts])
    due = keeper.add(begin, np.full(len(begin), minutes * MINUTE))
    assert (keeper.between(begin, due) == minutes * MINUTE).all()
    # Nothing is worked a microsecond before: it is the earliest such moment.
    assert (keeper.between(begin, due - 1) < minutes * MINUTE).all()
    whole = np.full(len(begin), minutes * MINUTE)
    assert (keeper.add(keeper.add(begin, whole // 2), whole - whole // 2) == due).all()
    # One at a time and on a fresh calendar it is the same.
    for place in range(len(begin)):
        fresh = Worktime(lambda day: week[day.weekday()], zone)
        assert fresh.add(begin[place : place + 1], whole[:1])[0] == due[place]


def test_elapsed_counts_every_minute():
    start = at("2026-11-20 17:30")
    assert add_minutes(Elapsed(), start, 60) == at("2026-11-20 18:30")
    assert to_datetime(to_instant(start)) == start
