"""What is sent as one array comes back as the same values."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from retention.core.db.arrays import array

pytestmark = pytest.mark.django_db
HOSTILE = ["", " ", "NULL", "null", "a,b", "{1}", '"', "\\", "\\\"',%s%%", "'; DROP TABLE x", "维系\n客户", "\t", "😀"]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bigint", [1, -(2**62), None, 2**62]),
        ("integer", []),
        ("text", [*HOSTILE, None]),
        ("boolean", [True, False, None]),
        ("numeric", [Decimal("12.340"), None, Decimal("-0.01")]),
        ("float8", [0.1, 1e-300, float("inf"), None]),
        ("date", [date(2026, 11, 30), None]),
        ("timestamptz", [datetime(2026, 11, 30, 23, 59, 59, 123456, tzinfo=UTC), None]),
    ],
)
def test_values_come_back_as_they_were(kind, values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [array(values)])
        assert cursor.fetchone()[0] == values


def test_texts_of_json_come_back_as_they_were():
    text = '[{"facts": {"name": "O\\\\Hara \\"Bob\\"", "city": "成都"}}]'
    with connection.cursor() as cursor:
        cursor.execute("SELECT x FROM unnest(%s::text[]) x", [array([text])])
        assert cursor.fetchone()[0] == text
