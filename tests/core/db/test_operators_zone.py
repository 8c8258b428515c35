"""The day of an instant is the operator's, in SQL as in Python: Shanghai's 27th begins at 16:00 UTC of the 26th."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from retention.core import clock

EARLY = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)  # 01:00 of the 27th in Shanghai


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["%s::timestamptz::date", "date_trunc('day', %s::timestamptz)::date"])
def test_the_database_takes_days_in_the_operators_zone(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", [EARLY])
        assert cursor.fetchone()[0] == date(2026, 11, 27)


@pytest.mark.django_db
def test_instants_come_back_in_the_operators_zone():
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [EARLY])
        found = cursor.fetchone()[0]
    assert found == EARLY
    assert found.utcoffset() == timedelta(hours=8)
    assert found.date() == date(2026, 11, 27)


def test_the_clock_tells_the_operators_day():
    with clock.freeze(EARLY):
        assert clock.now().date() == clock.today() == date(2026, 11, 27)
