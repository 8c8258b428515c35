"""What is derived from the catalogue: borders, bands, feeds, and the columns whose past is kept."""

from decimal import Decimal

import pytest

from customers.facts.models import Account, Attribute, Bill, Plan, Subscriber, Terminal
from customers.fields.choices import COHORT_DAYS, TenureCohort, ValueBand
from customers.fields.cohorts import COHORT_EDGES_IN_MONTHS, COHORT_MONTHS, DAYS_A_MONTH, cohort_of_days, cohort_sql
from customers.fields.feeds import feeds_of
from customers.fields.history import history_columns
from customers.fields.spend import band_limits
from retention.core.accounts.models import Branch


def test_the_cohorts_cover_every_day_once():
    borders = list(COHORT_DAYS.values())
    assert list(COHORT_DAYS) == list(TenureCohort)
    assert [end for _start, end in borders[:-1]] == [start for start, _end in borders[1:]]
    assert borders[0][0] == 0


@pytest.mark.parametrize(
    ("days", "cohort"), [(0, "under_6"), (182, "under_6"), (183, "6_to_12"), (364, "6_to_12"), (365, "over_12")]
)
def test_a_day_falls_into_one_cohort_in_every_form(days, cohort):
    assert cohort_of_days(days) == cohort
    assert TenureCohort.values[sum(days / DAYS_A_MONTH >= edge for edge in COHORT_EDGES_IN_MONTHS)] == cohort


def test_the_profile_cuts_at_the_same_days():
    assert cohort_sql("d") == "CASE WHEN d < 183 THEN 'under_6' WHEN d < 365 THEN '6_to_12' ELSE 'over_12' END"
    assert COHORT_MONTHS == {"under_6": 6, "6_to_12": 6}


def test_bands_lie_between_their_edges():
    edges = (Decimal(60), Decimal(120))
    found = [band_limits(band, edges) for band in ValueBand.values]
    assert found == [(None, edges[0]), edges, (edges[1], None)]


def test_a_derived_field_needs_the_feeds_of_its_parts():
    assert {feed.value for feed in feeds_of("balance_days")} == {"balances", "bills", "payments"}
    assert not feeds_of("tenure_days")


def test_the_past_is_kept_of_what_the_profile_reads_and_a_later_fact_may_change():
    kept = history_columns()
    assert kept[Account] == ("customer_id", "pay_mode", "credit_limit")
    assert kept[Attribute] == ("value", "as_of")
    assert kept[Branch] == ("level", "path")
    assert {"plan_id", "branch_id", "status", "terminated_on", "group_id"} <= set(kept[Subscriber])
    assert "monthly_fee" in kept[Plan]


def test_neither_keys_nor_dated_facts_nor_what_names_a_person_is_kept():
    kept = history_columns()
    assert Bill not in kept
    assert "first_seen_on" not in kept[Terminal]
    assert not {"name", "phone_number", "contact_phone", "email"} & {
        column for columns in kept.values() for column in columns
    }
