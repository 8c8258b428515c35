"""An older row never lands over a newer one, whatever it waited for: the order of acceptance is its version."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from customers.batches.models import IngestBatch
from customers.batches.services import loading
from customers.batches.services.loading import load_queued
from customers.declarations import EVENTS_WRITE, FACTS_WRITE
from customers.facts.models import Bill, Plan, StatusEvent, Subscriber
from customers.ingest.models import KeyVersion, OpenDelivery, QuarantinedRow
from customers.ingest.services import loading as ingest_loading
from customers.ingest.services.acceptance import forget_settled
from customers.ingest.services.files import load_file
from customers.ingest.services.pending_references import land_pending
from retention.core import clock
from tests.api import make_client
from tests.customers.batches.batch_bodies import elsewhere, lines, loaded, plan, send
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller():
    return make_client(FACTS_WRITE, EVENTS_WRITE)


@pytest.fixture
def line():
    return make_subscriber()


def row_of(line, **given):
    row = {
        "subscriber_no": line.subscriber_no, "account_no": line.account.account_no, "phone_number": line.phone_number,
        "line_type": "mobile", "plan_code": line.plan.code, "branch_code": line.branch.code, "channel": "outlet",
        "activated_on": "2025-01-01", "status": "active",
    }  # fmt: skip
    return row | given


def left(line):
    return row_of(
        line, status="terminated", terminated_on="2026-10-01", termination_reason="voluntary", group_no=None
    )  # fmt: skip


GROUP = {"group_no": "G1", "name": "Family", "kind": "family"}


def status(line):
    return Subscriber.objects.get(pk=line.pk).status


def held_plans(caller, key="held", **given):
    """A batch that is held: plan A as given, and a bad row."""
    answer = send(caller, "plans", [plan("A", **given), plan("B", monthly_fee="x")], key=key)
    assert loaded(caller, answer)["state"] == "held"
    return answer.json()["id"]


def release(caller, number):
    assert caller.post(f"batches/{number}/release").status_code == 200
    load_queued()
    return caller.get(f"batches/{number}").json()


def test_a_line_that_left_stays_so_when_the_group_of_an_older_row_comes(caller, line):
    older = loaded(caller, send(caller, "subscribers", [row_of(line, group_no="G1")], key="1"))
    assert older["waiting"] == 1
    newer = loaded(caller, send(caller, "subscribers", [left(line)], key="2"))
    assert newer["applied"] == 1
    loaded(caller, send(caller, "groups", [GROUP], key="3"))
    assert status(line) == "terminated"
    older = caller.get(f"batches/{older['id']}").json()
    assert (older["waiting"], older["applied"], older["unchanged"]) == (0, 0, 1)
    assert not QuarantinedRow.objects.exists()


def test_a_newer_row_that_says_what_is_stored_replaces_what_waits_too(caller, line):
    loaded(caller, send(caller, "subscribers", [left(line)], key="1"))
    loaded(caller, send(caller, "subscribers", [row_of(line, group_no="G1")], key="2"))
    assert loaded(caller, send(caller, "subscribers", [left(line)], key="3"))["unchanged"] == 1
    loaded(caller, send(caller, "groups", [GROUP], key="4"))
    assert status(line) == "terminated"


def test_a_newer_row_that_waits_lands_over_an_older_one_whichever_reference_comes_first(caller, line):
    for first, second in (("G1", "G2"), ("G2", "G1")):
        Subscriber.objects.filter(pk=line.pk).update(group=None)
        caller.put(f"subscribers/{line.subscriber_no}", row_of(line, group_no=f"{first}-{second}-old"))
        caller.put(f"subscribers/{line.subscriber_no}", row_of(line, group_no=f"{first}-{second}-new"))
        order = ("old", "new") if first == "G1" else ("new", "old")
        for name in order:
            caller.put(f"groups/{first}-{second}-{name}", GROUP | {"group_no": f"{first}-{second}-{name}"})
        assert Subscriber.objects.get(pk=line.pk).group.group_no == f"{first}-{second}-new"
    assert not QuarantinedRow.objects.exists()


def test_a_row_of_a_higher_version_lands_though_it_waited(caller, line):
    loaded(caller, send(caller, "subscribers", [row_of(line, group_no="G1", source_version=5)], key="1"))
    loaded(caller, send(caller, "subscribers", [left(line) | {"source_version": 4}], key="2"))
    loaded(caller, send(caller, "groups", [GROUP], key="3"))
    assert status(line) == "active"


def test_of_two_waiting_rows_the_older_lands_until_the_newer_can(caller, line):
    loaded(caller, send(caller, "subscribers", [row_of(line, group_no="G1", channel="older")], key="1"))
    loaded(
        caller, send(caller, "subscribers", [row_of(line, group_no="G1", plan_code="NEW", channel="newer")], key="2")
    )
    loaded(caller, send(caller, "groups", [GROUP], key="3"))
    assert Subscriber.objects.get(pk=line.pk).channel == "older"
    loaded(caller, send(caller, "plans", [plan("NEW")], key="4"))
    assert Subscriber.objects.get(pk=line.pk).channel == "newer"


def test_a_held_batch_released_later_leaves_newer_rows_alone(caller):
    number = held_plans(caller, name="old")
    loaded(caller, send(caller, "plans", [plan("A", name="new")], key="2"))
    released = release(caller, number)
    assert (released["applied"], released["unchanged"], released["rejected"]) == (0, 1, 1)
    assert Plan.objects.get(code="A").name == "new"
    assert forget_settled(now=clock.now()) == 1
    assert not KeyVersion.objects.exists() and not OpenDelivery.objects.exists()


def test_a_held_batch_still_lands_over_what_is_older_than_it(caller):
    caller.put("plans/A", plan("A", name="before"))
    number = held_plans(caller, name="held")
    caller.put("plans/C", plan("C"))
    assert release(caller, number)["applied"] == 1
    assert Plan.objects.get(code="A").name == "held"


def test_a_version_decides_over_the_order_of_a_held_batch(caller):
    number = held_plans(caller, name="higher", source_version=7)
    caller.put("plans/A", plan("A", name="lower", source_version=6))
    assert release(caller, number)["applied"] == 1
    assert Plan.objects.get(code="A").name == "higher"


def test_a_row_that_waited_is_newer_than_a_batch_held_before_it(caller, line):
    rows = [row_of(line, channel="held"), row_of(line, subscriber_no="X", status="odd")]
    number = loaded(caller, send(caller, "subscribers", rows, key="1"))["id"]
    loaded(caller, send(caller, "subscribers", [row_of(line, group_no="G1", channel="waited")], key="2"))
    loaded(caller, send(caller, "groups", [GROUP], key="3"))
    release(caller, number)
    assert Subscriber.objects.get(pk=line.pk).channel == "waited"


def test_a_released_row_that_was_overtaken_does_not_wait_either(caller, line):
    rows = [row_of(line, group_no="G1"), row_of(line, subscriber_no="X", status="odd")]
    number = loaded(caller, send(caller, "subscribers", rows, key="1"))["id"]
    caller.put(f"subscribers/{line.subscriber_no}", left(line))
    assert release(caller, number)["waiting"] == 0
    caller.put("groups/G1", GROUP)
    assert status(line) == "terminated"


def test_a_row_put_while_an_older_batch_is_queued_stands(caller):
    send(caller, "plans", [plan("A", name="batch")], key="1")
    caller.put("plans/A", plan("A", name="put"))
    load_queued()
    assert Plan.objects.get(code="A").name == "put"


def test_an_event_sent_while_an_older_batch_is_queued_stands(caller, line):
    event = {"event_no": "E1", "subscriber_no": line.subscriber_no, "at": "2026-11-01T09:00:00+08:00", "kind": "stop"}
    send(caller, "status-events", [event], key="1")
    caller.post("events", event | {"kind": "restore"})
    load_queued()
    assert StatusEvent.objects.get().kind == "restore"


def test_a_failed_batch_that_is_retried_leaves_newer_rows_alone(caller):
    number = send(caller, "plans", [plan("A", name="failed")], key="1").json()["id"]
    IngestBatch.objects.update(attempts=loading.MAX_ATTEMPTS)
    load_queued()
    caller.put("plans/A", plan("A", name="newer"))
    assert release(caller, number)["unchanged"] == 1
    assert Plan.objects.get(code="A").name == "newer"


def test_days_that_a_held_batch_cannot_hold_leave_no_keys(caller, line):
    bad = {"subscriber_no": line.subscriber_no, "month": "2026-09", "plan_fee": "x", "total": "1"}
    loaded(caller, send(caller, "bills", [bad], key="1"))
    OpenDelivery.objects.update(created_at="2026-09-20T00:00:00Z")
    for month in ("2026-09", "2026-10"):
        loaded(caller, send(caller, "bills", [bad | {"plan_fee": "1", "month": month}], key=month))
    assert Bill.objects.count() == 2
    assert list(KeyVersion.objects.values_list("key", flat=True)) == [f"{line.subscriber_no}~2026-09-01"]


def test_a_batch_nobody_decided_about_for_too_long_cannot_be_released(caller):
    number = held_plans(caller)
    OpenDelivery.objects.update(created_at="2026-01-01T00:00:00Z")
    forget_settled(now=clock.now())
    answer = caller.post(f"batches/{number}/release")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "body_gone")


@pytest.mark.django_db(transaction=True)
def test_a_row_that_lands_while_a_file_is_read_is_newer_than_the_file(caller, tmp_path, monkeypatch):
    file, real = tmp_path / "plans.ndjson", ingest_loading.take_turn
    file.write_bytes(lines([plan(code, name="file") for code in "ABC"]))

    def put_first(resource, accepted):
        monkeypatch.setattr(ingest_loading, "take_turn", real)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(elsewhere(lambda: caller.put("plans/C", plan("C", name="put")))).result(20)
        return real(resource, accepted)

    monkeypatch.setattr(ingest_loading, "take_turn", put_first)
    result = load_file("plans", file)
    assert (result.applied, result.unchanged) == (2, 1)
    assert Plan.objects.get(code="C").name == "put"
    assert not OpenDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rows_put_between_batches_that_workers_load_meanwhile_end_as_sent(caller):
    """Batches of two clients and single rows, sent one after the other, while three workers load."""
    sent, over = [caller, make_client(FACTS_WRITE)], threading.Event()

    @elsewhere
    def work(_worker):
        while not over.is_set():
            load_queued()

    with ThreadPoolExecutor(3) as pool:
        workers = [pool.submit(work, number) for number in range(3)]
        for turn in range(12):
            body = [plan(f"P{place}", name=f"batch {turn}") for place in range(40)]
            send(sent[turn % 2], "plans", body if turn % 3 else body[::-1], key=str(turn))
            sent[turn % 2].put("plans/P7", plan("P7", name=f"put {turn}"))
        over.set()
        for worker in workers:
            worker.result(60)
    load_queued()
    names = dict(Plan.objects.values_list("code", "name"))
    assert names.pop("P7") == "put 11"
    assert set(names.values()) == {"batch 11"}


# Rows that leave out fields: a newer one takes the fields that it gives.


def brief(line, **given):
    """The required fields of a line, as they are stored, with what is given."""
    return row_of(line) | given


def test_a_waiting_row_still_sets_what_a_newer_one_leaves_out(caller, line):
    loaded(caller, send(caller, "subscribers", [brief(line, group_no="G1", channel="old", bundle_no="B")], key="1"))
    newer = brief(line, channel="new", status="terminated", terminated_on="2026-10-01", bundle_no=None)
    loaded(caller, send(caller, "subscribers", [newer], key="2"))
    assert status(line) == "terminated"
    loaded(caller, send(caller, "groups", [GROUP], key="3"))
    kept = Subscriber.objects.get(pk=line.pk)
    assert (kept.status, kept.channel, kept.bundle_no, kept.group.group_no) == ("terminated", "new", "", "G1")
    assert not QuarantinedRow.objects.exists()


def test_a_waiting_row_lands_at_once_when_a_newer_one_gives_what_it_waits_for(caller, line):
    older = loaded(caller, send(caller, "subscribers", [brief(line, plan_code="NEW", promotion_code="P")], key="1"))
    loaded(caller, send(caller, "subscribers", [brief(line, bundle_no="B")], key="2"))
    land_pending(now=clock.now())
    kept = Subscriber.objects.get(pk=line.pk)
    assert (kept.plan, kept.promotion_code, kept.bundle_no) == (line.plan, "P", "B")
    assert caller.get(f"batches/{older['id']}").json()["applied"] == 1


def test_a_held_row_still_sets_what_a_newer_one_leaves_out(caller, line):
    held = brief(line, channel="held", promotion_code="P", bundle_no="held")
    rows = [held, brief(line, subscriber_no="X", status="odd")]
    number = loaded(caller, send(caller, "subscribers", rows, key="1"))["id"]
    loaded(caller, send(caller, "subscribers", [brief(line, channel="new", bundle_no="new")], key="2"))
    assert release(caller, number)["applied"] == 1
    kept = Subscriber.objects.get(pk=line.pk)
    assert (kept.channel, kept.bundle_no, kept.promotion_code) == ("new", "new", "P")


def test_an_opt_out_of_a_queued_row_lands_though_a_newer_row_says_nothing_of_it(caller, line):
    customer = line.account.customer
    row = {"customer_no": customer.customer_no, "kind": "individual", "name": "Old", "branch_code": line.branch.code}
    send(caller, "customers", [row | {"profiling_opt_out": True}], key="1")
    caller.put(f"customers/{customer.customer_no}", row | {"name": "New"})
    load_queued()
    customer.refresh_from_db()
    assert (customer.name, customer.profiling_opt_out) == ("New", True)


def test_each_of_two_held_batches_is_overtaken_by_what_came_after_it_only(caller, line):
    bad = brief(line, subscriber_no="X", status="odd")
    first = loaded(caller, send(caller, "subscribers", [brief(line, promotion_code="1", bundle_no="1"), bad], key="1"))
    loaded(caller, send(caller, "subscribers", [brief(line, promotion_code="2")], key="2"))
    third = loaded(caller, send(caller, "subscribers", [brief(line, promotion_code="3", bundle_no="3"), bad], key="3"))
    loaded(caller, send(caller, "subscribers", [brief(line, bundle_no="4")], key="4"))
    release(caller, third["id"])
    kept = Subscriber.objects.get(pk=line.pk)
    assert (kept.promotion_code, kept.bundle_no) == ("3", "4")
    assert release(caller, first["id"])["applied"] == 0
    kept.refresh_from_db()
    assert (kept.promotion_code, kept.bundle_no) == ("3", "4")
