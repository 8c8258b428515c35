"""The snapshot of a past date, built again after every kind of later fact came in: not one column of one line moves."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from customers import fields
from customers.credit.queries import CREDIT_SQL
from customers.facts.models import Customer, PastValue, Subscriber
from customers.fields.attributes import OWN_FIELDS_SQL
from customers.fields.places import PLACE_RATES_SQL
from customers.ingest.resources import RESOURCES
from customers.lists.models import ListEntry
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.queries import point_in_time
from customers.profile.services import build_profile, build_snapshot
from tests import factories as make
from tests.customers.ingest.rows import send
from tests.customers.profile.later_facts import AS_OF, LATER, make_operator

pytestmark = pytest.mark.django_db
Table = dict[str, dict]


@pytest.fixture
def before(db: None) -> Table:
    """The operator as it stood, and its snapshot of that date."""
    make.make_custom_field(key="segment")
    make_operator()
    return snapshot()


def snapshot() -> Table:
    """{subscriber: {column: value}} of a snapshot built anew; what is there until then stays while facts come in."""
    ProfileSnapshot.objects.filter(as_of=AS_OF).delete()
    build_snapshot(as_of=AS_OF)
    names = [field.attname for field in ProfileSnapshot._meta.concrete_fields]
    return {row["subscriber__subscriber_no"]: row for row in ProfileSnapshot.objects.filter(as_of=AS_OF).values(
        "subscriber__subscriber_no", *names)}  # fmt: skip


def moved(before: Table, after: Table) -> dict[str, list[str]]:
    """{line: its columns that differ}."""
    assert before.keys() == after.keys()
    found = {line: [name for name in row if row[name] != after[line][name]] for line, row in before.items()}
    return {line: names for line, names in found.items() if names}


def come_later(*resources: str) -> None:
    for resource in resources:
        result = send(resource, [dict(row) for row in LATER[resource]], source="later")
        assert result.applied == len(LATER[resource]), (resource, result.errors)


def test_every_resource_that_the_profile_reads_has_a_later_fact():
    """A name that is missing here needs a row in LATER of later_facts.py."""
    read = " ".join([*(source.sql for source in fields.SOURCES.values()), OWN_FIELDS_SQL, PLACE_RATES_SQL, CREDIT_SQL])
    needed = {name for name, resource in RESOURCES.items() if f" {resource.table} " in read}
    assert needed - LATER.keys() == set()


def test_the_snapshot_holds_what_later_facts_could_move(before):
    """Else the tests below would compare blanks."""
    learnt = [field.key for field in fields.model_fields()]
    assert [name for name in learnt if all(row[name] is None for row in before.values())] == []


@pytest.mark.parametrize("resource", LATER)
def test_a_later_fact_of_one_resource_moves_nothing(before, resource):
    if resource == "subscribers":
        come_later("branches", "accounts", "groups")  # what the lines refer to
    come_later(resource)
    assert moved(before, snapshot()) == {}


def test_all_later_facts_together_move_nothing_though_today_is_moved(before):
    come_later(*LATER)
    customer = Customer.objects.get(customer_no="C1")
    entered = datetime(2026, 11, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    make.make_list_entry(customer=customer, kind=ListEntry.Kind.FALSE_USER, starts_on=AS_OF, created_at=entered)

    assert moved(before, snapshot()) == {}
    build_profile(as_of=date(2026, 11, 19))
    today = SubscriberProfile.objects.get(subscriber__subscriber_no="S1")
    assert (today.plan_code, today.customer_tier, today.city) == ("P2", "none", "B1X")
    assert (today.pay_mode, today.attributes, today.false_user) == ("postpaid", {"segment": "new"}, True)


def test_a_value_that_changed_twice_is_the_one_that_stood(before):
    come_later("plans", "branches", "accounts", "groups", "subscribers")
    line = LATER["subscribers"][0] | {"plan_code": "P3"}
    send("subscribers", [line], now=datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")))

    assert moved(before, snapshot()) == {}
    build_snapshot(as_of=date(2026, 11, 22))
    assert ProfileSnapshot.objects.get(as_of=date(2026, 11, 22), subscriber__subscriber_no="S1").plan_code == "P2"


def test_an_event_that_names_the_plan_left_tells_of_the_time_before_the_first_night(db):
    make.make_custom_field(key="segment")
    make_operator()
    send("subscribers", [LATER["subscribers"][0] | {"account_no": "A1", "group_no": "G1"}])  # nothing was built yet
    send("status-events", LATER["status-events"])

    line = snapshot()["S1"]

    assert PastValue.objects.count() == 0
    assert (line["plan_code"], line["status"], line["status_reason"]) == ("P1", "active", "")


def test_a_line_stopped_then_and_gone_now_was_stopped(before):
    stop = {"event_no": "E20", "subscriber_no": "S3", "at": "2026-10-10T09:00:00+08:00", "kind": "stop"}
    send("status-events", [stop])
    Subscriber.objects.filter(subscriber_no="S3").update(status="terminated", terminated_on=date(2026, 11, 10))

    assert snapshot()["S3"]["status"] == "stopped"


def test_unchanged_rows_leave_no_trace_and_changed_ones_no_names(before):
    send("customers", [LATER["customers"][0]])
    kept = PastValue.objects.count()
    send("customers", [LATER["customers"][0] | {"name": "Somebody else"}])

    assert PastValue.objects.count() == kept > 0
    assert not PastValue.objects.filter(column__in=["name", "phone_number", "contact_phone", "email"]).exists()


def test_an_older_version_replaces_nothing(before):
    send("accounts", [LATER["accounts"][0] | {"source_version": "5"}])
    kept = PastValue.objects.count()
    send("accounts", [LATER["accounts"][0] | {"source_version": "4", "pay_mode": "prepaid"}])

    assert PastValue.objects.count() == kept


def test_an_old_night_run_again_takes_facts_as_they_were_then(before):
    come_later("customers")
    build_profile(as_of=AS_OF)
    assert SubscriberProfile.objects.get(subscriber__subscriber_no="S1").customer_tier == "gold"


def test_a_planted_leak_is_caught(before, monkeypatch):
    source = fields.SOURCES["tickets"]
    blind = source.sql.replace("AND k.opened_at < %(until)s", "")
    assert blind != source.sql
    monkeypatch.setitem(fields.SOURCES, "tickets", replace(source, sql=blind))
    before = snapshot()
    come_later("service-contacts")

    assert "complaints_90d" in moved(before, snapshot())["S1"]


def test_without_the_kept_values_every_kind_of_change_would_be_caught(before, monkeypatch):
    come_later(*LATER)
    monkeypatch.setattr(point_in_time, "shadow_tables", lambda cursor, until: {})

    leaks = moved(before, snapshot())["S1"]

    assert {
        "plan_code", "city", "branch_code", "customer_tier", "pay_mode", "age", "status", "channel", "promotion",
        "group_kind", "terminal_brand", "attributes", "worst_severity_90d",
    } <= set(leaks)  # fmt: skip
