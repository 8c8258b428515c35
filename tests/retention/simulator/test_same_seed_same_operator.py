from dataclasses import replace
from datetime import date

import pytest

from retention.simulator import Spec
from tests.retention.simulator.conftest import tables_of

SPEC = Spec(subscribers=400, days=100, until=date(2026, 3, 31), daily_days=10, seed=5)


def test_the_same_seed_gives_the_same_tables():
    first, second = tables_of(SPEC), tables_of(SPEC)
    assert first.keys() == second.keys()
    assert all(first[name].equals(second[name]) for name in first)


def test_another_seed_gives_other_people_but_the_same_branches():
    first, second = tables_of(SPEC), tables_of(replace(SPEC, seed=6))
    assert not first["customers"].equals(second["customers"])
    assert first["branches"].equals(second["branches"])


def test_writing_the_truth_does_not_change_the_facts(tmp_path):
    first, second = tables_of(SPEC), tables_of(SPEC, tmp_path)
    assert all(first[name].equals(second[name]) for name in first)


@pytest.mark.parametrize(
    ("subscribers", "days", "daily_days", "until"),
    [(1, 1, 1, date(2026, 1, 1)), (3, 40, 0, date(2026, 3, 15)), (60, 800, 70, date(2026, 2, 28))],
)
def test_odd_sizes_and_spans_work(subscribers, days, daily_days, until):
    tables = tables_of(Spec(subscribers, days, until, daily_days))
    assert tables["subscribers"].num_rows == subscribers
    assert ("usage-days" in tables) == (daily_days > 0)


@pytest.mark.parametrize("wrong", [{"subscribers": 0}, {"days": 0}, {"daily_days": -1}, {"seed": -1}])
def test_impossible_specs_are_refused(wrong):
    with pytest.raises(ValueError, match="must"):
        replace(SPEC, **wrong)
