import re

import pandas as pd
import pyarrow.compute as pc
import pytest

from customers.ingest.resources import RESOURCES
from retention.simulator import COLUMNS, LOADING_ORDER, Spec, simulate_operator
from tests.retention.simulator.conftest import UNTIL

REFERENCES = [
    ("branches", "parent_code", "branches", "code"),
    ("customers", "branch_code", "branches", "code"),
    ("accounts", "customer_no", "customers", "customer_no"),
    ("subscribers", "account_no", "accounts", "account_no"),
    ("subscribers", "plan_code", "plans", "code"),
    ("subscribers", "branch_code", "branches", "code"),
    ("subscribers", "group_no", "groups", "group_no"),
    ("contracts", "policy_code", "policies", "code"),
    ("product-subscriptions", "product_code", "products", "code"),
    ("payments", "account_no", "accounts", "account_no"),
    ("balances", "account_no", "accounts", "account_no"),
] + [
    (resource, "subscriber_no", "subscribers", "subscriber_no")
    for resource, columns in COLUMNS.items()
    if "subscriber_no" in columns and resource != "subscribers"
]
KEYS = {name: resource.key for name, resource in RESOURCES.items() if name in COLUMNS}


def test_every_resource_is_written_in_loading_order(operator):
    assert tuple(operator.tables) == LOADING_ORDER


def test_columns_are_those_that_ingest_accepts():
    for resource, columns in COLUMNS.items():
        assert list(columns) == [field.name for field in RESOURCES[resource].fields], resource


@pytest.mark.parametrize(("resource", "column", "target", "key"), REFERENCES)
def test_references_lead_to_rows_that_exist(operator, resource, column, target, key):
    wanted = operator.tables[resource][column].drop_null()
    missing = pc.invert(pc.is_in(wanted, operator.tables[target][key].combine_chunks()))
    assert len(wanted) and pc.sum(missing).as_py() == 0


@pytest.mark.parametrize("resource", sorted(KEYS))
def test_natural_keys_are_unique(operator, resource):
    frame = operator.frame(resource)
    assert not frame.duplicated(list(KEYS[resource])).any()


def test_no_phone_number_can_belong_to_anyone(operator):
    numbers = set(operator.frame("subscribers").phone_number) | set(operator.frame("customers").contact_phone)
    assert len(set(operator.frame("subscribers").phone_number)) == operator.spec.subscribers
    assert all(re.fullmatch(r"104\d{8}", number) for number in numbers)
    assert not any(re.search(r"1[3-9]\d{9}", number) for number in numbers)


def test_pieces_stay_small_and_rows_come_in_subscriber_order():
    seen = []
    for resource, piece in simulate_operator(Spec(subscribers=6_000, days=120, until=UNTIL)):
        assert 0 < piece.num_rows <= 200_000
        if resource == "usage-days":
            seen.append(piece.num_rows)
            rows = piece.select(["day", "subscriber_no"])
            assert rows.equals(rows.sort_by([("day", "ascending"), ("subscriber_no", "ascending")]))
    assert len(seen) == 1 + sum(seen) // 200_000


def test_nothing_is_dated_after_the_last_day(operator):
    for resource, column in [("usage-days", "day"), ("balances", "day"), ("bills", "paid_on"), ("payments", "paid_at"),
                             ("status-events", "at"), ("service-contacts", "opened_at"), ("terminals", "first_seen_on"),
                             ("service-contacts", "closed_at"), ("subscribers", "terminated_on"), ("points", "at"),
                             ("product-subscriptions", "ends_on"), ("consents", "at")]:  # fmt: skip
        assert str(operator.frame(resource)[column].dropna().max())[:10] <= str(UNTIL), (resource, column)


def test_about_one_name_in_seven_is_english(operator):
    people = operator.frame("customers").query("kind == 'individual'")
    english = people.name.str.fullmatch(r"[A-Za-z ]+")
    assert 0.10 < english.mean() < 0.20
    assert (people.language.eq("en") == english).all()


def test_there_is_somebody_for_each_care_scenario_to_find(operator):
    """Points that expire, tiers that changed, trips, services ordered and lines that left by choice, all lately."""
    until = pd.Timestamp(operator.spec.until)
    points, events, lines = (operator.frame(name) for name in ("points", "status-events", "subscribers"))
    expiring = pd.to_datetime(points.expires_on).between(until, until + pd.Timedelta(days=60))
    assert expiring.sum() > 20
    assert (points.reason[expiring] == "carried_over").all()
    happened = pd.to_datetime(events["at"]).dt.tz_localize(None) > until - pd.Timedelta(days=60)
    assert {"tier_change", "roaming_start"} <= set(events.kind[happened])
    ordered = pd.to_datetime(operator.frame("product-subscriptions").starts_on) > until - pd.Timedelta(days=90)
    assert ordered.sum() > 20
    left = pd.to_datetime(lines.terminated_on).between(until - pd.Timedelta(days=90), until - pd.Timedelta(days=30))
    assert {"port_out", "voluntary"} <= set(lines.termination_reason[left])
