"""When a day or a month is far off the usual, in figures."""

import pytest

from customers.profile.rules import Tally, is_hollow, is_short, measures_far_off, usual_of, usual_on_weekday


def day(rows: int = 1000, calls: int = 600, minutes: float = 3000, sms: int = 0) -> Tally:
    return Tally(rows, used={"calls": calls, "sms": sms}, total={"calls": minutes, "sms": float(sms)})


USUAL = day()


@pytest.mark.parametrize(
    ("found", "off"),
    [
        (day(), []),
        (day(calls=480, minutes=2400), []),  # a holiday
        (day(rows=800, calls=480, minutes=2400), []),
        (day(calls=0, minutes=0), ["calls"]),
        (day(calls=200, minutes=1000), ["calls"]),
        (day(calls=600, minutes=3000 * 60), ["calls"]),  # seconds for minutes
        (day(calls=600, minutes=3000 / 60), ["calls"]),
        (day(sms=900), []),  # never sent before: news, not a fault
        (Tally(), []),
    ],
)
def test_a_measure_is_far_off_when_half_is_gone_or_the_unit_changed(found: Tally, off: list[str]):
    assert measures_far_off(found, USUAL) == off


def test_a_rare_measure_that_is_suddenly_everywhere_is_far_off():
    rare = Tally(1000, used={"forwarded": 20}, total={"forwarded": 40.0})
    assert measures_far_off(Tally(1000, used={"forwarded": 700}, total={"forwarded": 1400.0}), rare) == ["forwarded"]
    assert measures_far_off(Tally(1000, used={"forwarded": 60}, total={"forwarded": 120.0}), rare) == []


@pytest.mark.parametrize(("expected", "off"), [(10, []), (100, ["calls"])])
def test_small_numbers_are_noise(expected: int, off: list[str]):
    usual = Tally(2 * expected, used={"calls": expected}, total={"calls": 50.0})
    assert measures_far_off(Tally(2 * expected, used={"calls": 0}, total={"calls": 0.0}), usual) == off


def test_short_is_less_than_four_fifths_of_the_usual():
    assert is_short(day(rows=799), USUAL) and not is_short(day(rows=800), USUAL)


def test_hollow_is_next_to_nothing_where_many_should_be():
    usual = Tally(100, used={"balance": 60}, total={"balance": 600.0})
    assert is_hollow(Tally(100, used={"balance": 5}, total={"balance": 5.0}), usual, "balance")
    assert not is_hollow(Tally(100, used={"balance": 20}, total={"balance": 5.0}), usual, "balance")
    assert not is_hollow(Tally(30, used={"balance": 0}, total={"balance": 0.0}), usual, "balance")


def test_the_usual_of_a_sunday_is_that_of_sundays():
    work, sunday = day(), day(rows=300, calls=100, minutes=500)
    days = [day(rows=290, calls=95, minutes=480), *([work] * 6 + [sunday]) * 4]
    usual = usual_on_weekday(days, 0)
    assert usual is not None and usual.rows == 300 and measures_far_off(days[0], usual) == []


def test_a_weekday_that_never_brings_rows_is_not_missed():
    week = [day()] * 5 + [Tally()] * 2
    assert usual_on_weekday([Tally(), *[day()] * 5, Tally(), Tally(), *week * 3], 0) is None
    assert usual_on_weekday([Tally(), *[day()] * 5], 0) is not None


def test_days_without_use_are_not_the_usual():
    hollow = day(calls=0, minutes=0)
    usual = usual_of([hollow, hollow, hollow, day()])
    assert usual is not None and usual.used["calls"] == 600
    assert usual_of([Tally()]) is None


def test_with_one_weekday_known_all_days_before_are_the_usual():
    days = [day(), *[day(rows=500)] * 7, *[Tally()] * 21]
    usual = usual_on_weekday(days, 0)
    assert usual is not None and usual.rows == 500
