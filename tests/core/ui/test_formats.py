from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from retention.core.ui import formats

DAY = date(2026, 11, 22)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_numbers_are_grouped_by_three_in_both_languages(language):
    with translation.override(language):
        assert formats.number(1234567.5, 1) == "1,234,567.5"


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("en", 9_999, "9,999"),
        ("en", 123_456, "123.5K"),
        ("en", 4_500_000, "4.5M"),
        ("zh-hans", 123_456, "12.3万"),
        ("zh-hans", 234_500_000, "2.3亿"),
        ("zh-hans", -123_456, "−12.3万"),
    ],
)
def test_large_numbers_are_shortened_as_the_language_counts(language, value, shown):
    with translation.override(language):
        assert formats.compact(value) == shown


@pytest.mark.parametrize("name", formats.FORMATS)
def test_nothing_is_shown_as_a_dash(name):
    assert formats.show(None, name) == "–"


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: formats.percent(0.1234), "12.3%"),
        (lambda: formats.points(0.012), "+1.2 pp"),
        (lambda: formats.points(-0.012), "−1.2 pp"),
        (lambda: formats.money(Decimal("1234.5")), "¥1,234.50"),
        (lambda: formats.money(-3), "−¥3.00"),
        (lambda: formats.signed(0), "0"),
        (lambda: formats.number(-0.001, 1), "0.0"),
        (lambda: formats.duration(3725), "1 h 2 min"),
        (lambda: formats.duration(59), "59 s"),
        (lambda: formats.stopwatch(200), "03:20"),
        (lambda: formats.phone("13812345678"), "138****5678"),
        (lambda: formats.phone(""), "–"),
        (lambda: formats.number(float("nan")), "–"),
    ],
)
def test_a_value_is_written_for_people(call, shown):
    with translation.override("en"):
        assert call() == shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [(22, "today"), (23, "tomorrow"), (21, "yesterday"), (25, "in 3 days"), (17, "5 days ago")],
)
def test_a_date_is_told_from_the_business_date(day, shown):
    with translation.override("en"):
        assert formats.relative_days(date(2026, 11, day), DAY) == shown
