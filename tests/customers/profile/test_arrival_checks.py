from datetime import date, timedelta

import pytest

from customers.facts.models import UsageDay
from customers.profile import checks
from retention.core.db import partitioned_tables
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)


@pytest.fixture
def lines():
    return [make.make_subscriber() for _ in range(10)]


def usage_arrives(lines, day: date) -> None:
    partitioned_tables.ensure_partitions("customers_usageday", [day])
    UsageDay.objects.bulk_create(UsageDay(subscriber=line, day=day) for line in lines)


def held() -> dict:
    return checks.held_feeds([one for one in checks.check_arrivals(as_of=AS_OF) if one.fact == "usage-days"])


def test_usual_days_hold_nothing(lines):
    for back in range(8):
        usage_arrives(lines, AS_OF - timedelta(days=back))
    assert held() == {}


def test_a_missing_day_holds_what_needs_it(lines):
    for back in range(1, 8):
        usage_arrives(lines, AS_OF - timedelta(days=back))
    assert "has not arrived" in held()["usage-days"]


def test_a_short_day_holds_what_needs_it(lines):
    for back in range(1, 8):
        usage_arrives(lines, AS_OF - timedelta(days=back))
    usage_arrives(lines[:7], AS_OF)
    assert "far short" in held()["usage-days"]


def test_an_operator_that_never_sends_days_is_told_so(lines):
    assert "no daily usage" in held()["usage-days"]
