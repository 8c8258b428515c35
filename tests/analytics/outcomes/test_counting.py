"""Counting month ends: once, when their outcome is known, with the definition they were counted by."""

from datetime import date, timedelta

import pytest

from analytics.churn.models import Meaning, OutcomeDefinition
from analytics.outcomes.models import OutcomeCount
from analytics.outcomes.services.counts import record_outcomes
from analytics.outcomes.services.definitions import install_definitions, save_definition
from customers.facts.models import UsageDay
from customers.profile.services import usage_rollup
from retention.core.audit.models import AuditEntry
from retention.core.db import partitioned_tables
from retention.core.errors import Invalid, Refused
from tests.analytics.outcomes.bases import SEPTEMBER, SNAPSHOT, fate, leaver, make_line
from tests.factories import NOW

pytestmark = pytest.mark.django_db
KNOWN = SNAPSHOT + timedelta(days=37)
VALUES = {"observation_months": 3, "gap_days": 0, "horizon_days": 10}


@pytest.fixture(autouse=True)
def base(db: None) -> None:
    for _number in range(4):
        make_line()
    make_line(line_type="broadband", snapshot={"tenure_cohort": "under_6"})
    leaver(after=20)
    leaver(after=20, reason="arrears")
    leaver(after=2)


def counted(**where: object) -> dict[str, int]:
    rows = OutcomeCount.objects.filter(lines__gt=0, meaning=Meaning.LEAVES, **where)
    found: dict[str, int] = {}
    for row in rows:
        found[row.fate] = found.get(row.fate, 0) + row.lines
    return found


def test_before_it_matures_a_month_end_waits_and_then_it_is_counted():
    record_outcomes(as_of=KNOWN - timedelta(days=1))
    assert counted() == {"not_mature": 8}

    record_outcomes(as_of=KNOWN)
    assert counted() == {"stays": 5, "port_out": 1, "arrears": 1, "left_in_gap": 1}
    assert counted(line_type="broadband", cohort="under_6") == {"stays": 1}


def test_every_line_is_counted_exactly_once_a_meaning():
    record_outcomes(as_of=date(2026, 12, 31))
    for meaning in Meaning.values:
        assert sum(row.lines for row in OutcomeCount.objects.filter(meaning=meaning)) == 8


def test_a_second_night_counts_nothing_again():
    assert record_outcomes(as_of=KNOWN) > 0
    assert record_outcomes(as_of=KNOWN) == 0
    assert record_outcomes(as_of=KNOWN + timedelta(days=1)) == 0


def test_a_correction_of_a_counted_month_leaves_its_outcome_as_it_was_known():
    """A line without use in September fell silent; its days come two months later."""
    line = make_line(september={})
    record_outcomes(as_of=KNOWN)
    assert counted()["silent"] == 1

    partitioned_tables.ensure_partitions("customers_usageday", [SEPTEMBER])
    UsageDay.objects.create(subscriber=line, day=SEPTEMBER, calls_out=9)
    assert usage_rollup.roll_up_usage(as_of=date(2026, 11, 20)) == 1
    record_outcomes(as_of=date(2026, 11, 20))

    assert counted()["silent"] == 1
    assert fate(line) == "stays"


def test_a_changed_definition_leaves_counts_as_they_were_made(ada):
    record_outcomes(as_of=KNOWN)
    save_definition(actor=ada, meaning="leaves", line_type="", values=VALUES, now=NOW)
    record_outcomes(as_of=KNOWN + timedelta(days=1))

    assert counted()["left_in_gap"] == 1
    assert {row.definition["gap"] for row in OutcomeCount.objects.filter(meaning="leaves")} == {7}


def test_line_types_with_a_longer_window_are_counted_later(ada):
    save_definition(actor=ada, meaning="leaves", line_type="broadband", values=VALUES | {"horizon_days": 60}, now=NOW)
    record_outcomes(as_of=KNOWN)
    assert counted(line_type="broadband") == {"not_mature": 1}
    record_outcomes(as_of=SNAPSHOT + timedelta(days=60))
    assert counted(line_type="broadband") == {"stays": 1}


def test_shipped_definitions_are_written_once_and_stay_as_they_were_changed(ada):
    assert install_definitions() == 3
    save_definition(actor=ada, meaning="leaves", line_type="", values=VALUES, now=NOW)
    assert install_definitions() == 0
    assert OutcomeDefinition.objects.get(meaning="leaves").horizon_days == 10


def test_who_may_not_define_is_refused_and_a_change_is_in_the_trail(mia, ada):
    with pytest.raises(Refused):
        save_definition(actor=mia, meaning="leaves", line_type="", values=VALUES, now=NOW)
    save_definition(actor=ada, meaning="leaves", line_type="", values=VALUES, now=NOW)
    save_definition(actor=ada, meaning="leaves", line_type="", values=VALUES, now=NOW)

    entry = AuditEntry.objects.get(action="outcome.define")
    assert entry.detail["after"]["horizon_days"] == 10


@pytest.mark.parametrize("edges", [[], [40, 20], [20, 20], [0, 20]])
def test_tiers_that_do_not_rise_are_told(ada, edges):
    values = {"observation_months": 3, "gap_days": 0, "outcome_months": 2, "fall_share": 0.2, "edges": edges}
    with pytest.raises(Invalid):
        save_definition(actor=ada, meaning="spends_less", line_type="", values=values, now=NOW)
