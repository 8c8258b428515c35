from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from customers.facts.models import Balance, Subscriber, UsageDay, UsageMonth
from retention.core.accounts.models import Branch

ARGUMENTS = {"subscribers": 120, "days": 70, "daily_days": 5, "until": date(2026, 3, 20), "seed": 4}


def simulate(**changes) -> str:
    out = StringIO()
    call_command("simulate", stdout=out, **(ARGUMENTS | changes))
    return out.getvalue()


@pytest.mark.django_db
def test_simulate_fills_the_database_and_repeating_it_changes_nothing(tmp_path):
    first = simulate(truth=tmp_path)
    assert "subscribers" in first and "120 rows, 120 new or changed" in first
    assert Subscriber.objects.count() == 120
    assert Branch.objects.filter(level="city").count() == 11
    assert UsageDay.objects.values("day").distinct().count() == 5
    assert UsageMonth.objects.values("month").distinct().count() >= 2
    assert Balance.objects.exists()
    assert (tmp_path / "subscribers.parquet").is_file()
    second = simulate()
    assert all(line.endswith(" 0 new or changed") for line in second.strip().splitlines()[:-1])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"subscribers": 0}, "subscribers must be at least 1"), ({"until": date(2999, 1, 1)}, "lies in the future")],
)
def test_simulate_refuses_what_cannot_be(wrong, told):
    with pytest.raises(CommandError, match=told):
        simulate(**wrong)
