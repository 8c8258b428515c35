"""A wrong row, or a whole batch, can be taken back; what others refer to, changed or sent again is protected."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from customers.batches.models import BatchBody, IngestBatch
from customers.batches.services.lifecycle import drop_old_bodies
from customers.batches.services.loading import load_queued
from customers.declarations import FACTS_WRITE
from customers.facts.models import Consent, Customer, PastValue, Plan, Subscriber, UsageDay, UsageMonth
from customers.ingest.models import LandedChunk, QuarantinedRow, ReplacedRow
from customers.ingest.services.pending_references import land_pending
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import Branch
from retention.core.audit.models import AuditEntry
from tests.api import make_client
from tests.customers.batches.batch_bodies import code, loaded, plan, send, usage
from tests.factories import make_branch, make_list_entry, make_profile, make_subscriber, make_usage_month, make_user

pytestmark = pytest.mark.django_db


def batch(caller, resource, rows, key):
    return loaded(caller, send(caller, resource, rows, key=key))["id"]


def take_back(caller, number, reason="sent by mistake"):
    answer = caller.delete(f"batches/{number}?reason={reason}")
    assert answer.status_code == 204, answer.content
    return caller.get(f"batches/{number}").json()


def errors(caller, number):
    return [(row["row"], row["code"]) for row in caller.get(f"batches/{number}/errors").json()["results"]]


def names():
    return dict(Plan.objects.order_by("code").values_list("code", "name"))


# One row.


def test_a_row_is_deleted_with_a_reason_which_the_audit_trail_keeps(caller):
    caller.put("plans/A", plan("A"))
    assert code(caller.delete("plans/A")) == "reason_missing"
    assert code(caller.delete("plans/A?reason=%20")) == "reason_missing"
    assert caller.delete("plans/A?reason=wrong%20price").status_code == 204
    assert not Plan.objects.exists()
    entry = AuditEntry.objects.get(action="facts.take_back")
    assert (entry.target, entry.detail["reason"], entry.detail["client"]) == (
        "plans:A", "wrong price", caller.client.name,
    )  # fmt: skip
    assert caller.delete("plans/A?reason=again").status_code == 404


def test_a_row_of_a_partitioned_table_is_deleted_by_its_composite_key(caller):
    line = make_subscriber()
    for day in ("2026-10-30", "2026-10-31"):
        caller.put(f"usage-days/{line.subscriber_no}~{day}", usage(line.subscriber_no, day))
    assert caller.delete(f"usage-days/{line.subscriber_no}~2026-10-31?reason=x").status_code == 204
    assert [str(row.day) for row in UsageDay.objects.all()] == ["2026-10-30"]
    assert code(caller.delete(f"usage-days/{line.subscriber_no}?reason=x")) == "bad_key"
    assert caller.delete(f"usage-days/{line.subscriber_no}~2026-02-30?reason=x").status_code == 404


def test_a_subscriber_with_facts_is_refused_with_a_count(caller):
    line = make_subscriber()
    for day in ("2026-10-30", "2026-10-31"):
        caller.put(f"usage-days/{line.subscriber_no}~{day}", usage(line.subscriber_no, day))
    caller.put(
        f"consents/{line.subscriber_no}~marketing~any",
        {"granted": True, "at": "2026-10-01T00:00:00+08:00", "source": "app"},
    )
    answer = caller.delete(f"subscribers/{line.subscriber_no}?reason=x")
    assert (answer.status_code, code(answer)) == (409, "facts_attached")
    error = answer.json()["error"]
    assert error["message"].startswith("3 other rows refer to it (Usage by day: 2, Consents: 1).")
    assert [one["count"] for one in error["details"]] == [2, 1]
    assert Subscriber.objects.filter(pk=line.pk).exists()
    assert not AuditEntry.objects.filter(action="facts.take_back").exists()


def test_what_a_night_computed_goes_with_the_line_and_what_people_did_protects_it(caller):
    line = make_profile(subscriber=make_subscriber()).subscriber
    customer = line.account.customer
    assert caller.delete(f"subscribers/{line.subscriber_no}?reason=x").status_code == 204
    assert not SubscriberProfile.objects.exists()
    make_list_entry(customer=customer)
    caller.delete(f"accounts/{line.account.account_no}?reason=x")
    answer = caller.delete(f"customers/{customer.customer_no}?reason=x")
    assert (answer.status_code, Customer.objects.filter(pk=customer.pk).exists()) == (409, True)


def test_a_month_summed_here_goes_with_the_line_and_one_that_billing_sent_protects_it(caller):
    summed, sent = make_subscriber(), make_subscriber()
    make_usage_month(subscriber=summed, month=date(2026, 10, 1), rolled_up=True)
    make_usage_month(subscriber=sent, month=date(2026, 10, 1))
    assert caller.delete(f"subscribers/{summed.subscriber_no}?reason=x").status_code == 204
    assert code(caller.delete(f"subscribers/{sent.subscriber_no}?reason=x")) == "facts_attached"
    assert UsageMonth.objects.get().subscriber == sent


def test_a_row_that_waits_is_deleted_and_an_older_one_does_not_bring_it_back(caller):
    held = batch(caller, "plans", [plan("A", name="held"), plan("B", monthly_fee="x")], "1")
    caller.put("plans/A", plan("A"))
    caller.put("usage-days/NEW~2026-10-31", usage("NEW"))
    assert caller.delete("usage-days/NEW~2026-10-31?reason=x").status_code == 204
    assert not QuarantinedRow.objects.filter(state="waiting").exists()
    assert caller.delete("plans/A?reason=x").status_code == 204
    caller.post(f"batches/{held}/release")
    load_queued()
    assert names() == {}


# A whole batch.


def test_what_a_batch_inserted_is_removed_and_what_it_replaced_is_put_back(caller):
    caller.put("plans/A", plan("A", name="before", source_version=3, on_sale_from="2026-01-01"))
    caller.put("plans/S", plan("S", name="same"))
    rows = [plan("A", name="wrong", source_version=4), plan("B"), plan("S", name="same"), plan("X", monthly_fee="?")]
    number = batch(caller, "plans", [*rows, plan("C"), plan("D")], "1")
    found = take_back(caller, number)
    assert (found["state"], found["error"]) == ("failed", "taken back")
    assert {name: found["taken_back"][name] for name in ("reason", "removed", "restored", "kept", "waiting")} == {
        "reason": "sent by mistake", "removed": 3, "restored": 1, "kept": 0, "waiting": 0,
    }  # fmt: skip
    assert names() == {"A": "before", "S": "same"}
    kept = Plan.objects.get(code="A")
    assert (kept.source_version, str(kept.on_sale_from), str(kept.monthly_fee)) == (3, "2026-01-01", "59.00")
    entry = AuditEntry.objects.get(action="batch.take_back")
    assert (entry.detail["reason"], entry.detail["removed"], entry.detail["restored"]) == ("sent by mistake", 3, 1)
    assert not BatchBody.objects.exists()
    assert code(caller.post(f"batches/{number}/release")) == "not_held"
    assert caller.delete(f"batches/{number}?reason=again").status_code == 204


def test_days_of_a_partitioned_table_are_taken_back(caller):
    line = make_subscriber()
    caller.put(
        f"usage-days/{line.subscriber_no}~2026-10-02", usage(line.subscriber_no, "2026-10-02", data_mb=0.1 + 0.2)
    )
    rows = [usage(line.subscriber_no, f"2026-{month}-02", data_mb=7) for month in ("09", "10", "11")]
    found = take_back(caller, batch(caller, "usage-days", rows, "1"))
    assert (found["taken_back"]["removed"], found["taken_back"]["restored"]) == (2, 1)
    assert UsageDay.objects.get().data_mb == 0.1 + 0.2


def test_a_row_changed_since_stays_and_is_told(caller):
    number = batch(caller, "plans", [plan("A", name="wrong"), plan("B", name="wrong")], "1")
    caller.put("plans/A", plan("A", name="right"))
    assert take_back(caller, number)["taken_back"]["kept"] == 1
    assert names() == {"A": "right"}
    assert errors(caller, number) == [(1, "changed_since")]
    [row] = caller.get(f"batches/{number}/errors?state=kept").json()["results"]
    assert row["message"] == "Row 1: 'A' was changed since and was not taken back."
    assert row["raw"]["name"] == "wrong"


def test_a_row_that_a_later_batch_sent_again_stays_as_a_row_of_that_batch(caller):
    first = batch(caller, "plans", [plan("A"), plan("B")], "1")
    second = batch(caller, "plans", [plan("A"), plan("C")], "2")
    assert take_back(caller, first)["taken_back"]["kept"] == 1
    assert errors(caller, first) == [(1, "restated_since")]
    assert set(names()) == {"A", "C"}
    assert take_back(caller, second)["taken_back"]["removed"] == 2
    assert names() == {}


@pytest.mark.parametrize("order", [(2, 1, 0), (0, 1, 2), (1, 0, 2), (1, 2, 0)])
def test_batches_that_replaced_each_other_leave_nothing_in_whatever_order_they_go(caller, order):
    caller.put("plans/A", plan("A", name="before"))
    sent = [
        batch(caller, "plans", [plan("A", name=f"take {n}"), plan("N", name=f"take {n}")], str(n)) for n in range(3)
    ]
    for place in order:
        take_back(caller, sent[place])
    assert names() == {"A": "before"}


def test_a_row_restored_and_replaced_again_goes_back_to_its_beginning(caller):
    caller.put("plans/A", plan("A", name="before"))
    first = batch(caller, "plans", [plan("A", name="one")], "1")
    take_back(caller, batch(caller, "plans", [plan("A", name="two")], "2"))
    third = batch(caller, "plans", [plan("A", name="three")], "3")
    take_back(caller, first)
    assert names() == {"A": "three"}
    take_back(caller, third)
    assert names() == {"A": "before"}


def test_nothing_is_taken_back_while_other_facts_refer_to_a_row(caller):
    line = make_subscriber()
    row = {
        "account_no": line.account.account_no, "phone_number": "10000000001", "line_type": "mobile",
        "plan_code": line.plan.code, "branch_code": line.branch.code, "channel": "outlet",
        "activated_on": "2025-01-01", "status": "active",
    }  # fmt: skip
    lines = batch(caller, "subscribers", [row | {"subscriber_no": "N1"}, row | {"subscriber_no": "N2"}], "1")
    days = batch(caller, "usage-days", [usage("N1"), usage("N1", "2026-10-30")], "2")
    answer = caller.delete(f"batches/{lines}?reason=x")
    assert (answer.status_code, code(answer)) == (409, "facts_attached")
    assert answer.json()["error"]["details"] == [
        {"code": "facts_attached", "message": "Usage by day: 2", "count": 2},
    ]  # fmt: skip
    assert Subscriber.objects.filter(subscriber_no__in=["N1", "N2"]).count() == 2
    assert caller.get(f"batches/{lines}").json()["state"] == "loaded"
    take_back(caller, days)
    assert take_back(caller, lines)["taken_back"]["removed"] == 2


def test_waiting_rows_are_dropped_and_rows_that_had_waited_are_taken_back_too(caller):
    number = batch(caller, "usage-days", [usage("N1"), usage("N2")], "1")
    line = make_subscriber(subscriber_no="N1")
    caller.put("usage-days/N1~2026-10-01", usage("N1", "2026-10-01"))
    land_pending(now=clock.now())
    assert UsageDay.objects.count() == 2
    found = take_back(caller, number)
    assert (found["taken_back"]["removed"], found["taken_back"]["waiting"], found["waiting"]) == (1, 1, 0)
    assert [str(row.day) for row in UsageDay.objects.filter(subscriber=line)] == ["2026-10-01"]
    assert not QuarantinedRow.objects.exists()


def test_an_older_held_batch_lands_what_was_taken_back(caller):
    held = batch(caller, "plans", [plan("A", name="held"), plan("B", monthly_fee="x")], "1")
    newer = batch(caller, "plans", [plan("A", name="newer")], "2")
    take_back(caller, newer)
    caller.post(f"batches/{held}/release")
    load_queued()
    assert names() == {"A": "held"}


def test_branches_come_and_go_with_their_paths(caller):
    top, other = make_branch(code="T"), make_branch(code="U")
    moved = make_branch(code="T-1", parent=top)
    rows = [
        {"code": "T-1", "name": "moved", "level": "city", "parent_code": "U"},
        {"code": "T-2", "name": "new", "level": "outlet", "parent_code": "T-1"},
    ]
    number = batch(caller, "branches", rows, "1")
    assert Branch.objects.get(code="T-2").path == "U/T-1/T-2/"
    assert take_back(caller, number)["taken_back"] | {"at": "", "reason": ""} == {
        "at": "", "reason": "", "removed": 1, "restored": 1, "kept": 0, "waiting": 0,
    }  # fmt: skip
    moved.refresh_from_db()
    assert (moved.path, moved.parent_id, other.path) == ("T/T-1/", top.pk, "U/")


def test_a_refusal_that_a_batch_replaced_stands_again(caller):
    line = make_subscriber()
    consent = {"subscriber_no": line.subscriber_no, "purpose": "marketing", "channel": "any", "source": "app"}
    batch(caller, "consents", [consent | {"granted": False, "at": "2026-10-01T00:00:00+08:00"}], "1")
    number = batch(caller, "consents", [consent | {"granted": True, "at": "2026-10-02T00:00:00.5+08:00"}], "2")
    take_back(caller, number)
    stands = Consent.objects.get()
    assert (stands.granted, stands.at) == (False, datetime(2026, 9, 30, 16, tzinfo=UTC))


def test_what_the_profile_read_of_the_wrong_rows_stays_in_its_past(caller):
    line = make_profile(subscriber=make_subscriber()).subscriber
    row = {
        "subscriber_no": line.subscriber_no, "account_no": line.account.account_no, "phone_number": line.phone_number,
        "line_type": "mobile", "plan_code": line.plan.code, "branch_code": line.branch.code, "channel": "outlet",
        "activated_on": "2025-01-01", "status": "stopped",
    }  # fmt: skip
    number = batch(caller, "subscribers", [row], "1")
    take_back(caller, number)
    line.refresh_from_db()
    assert line.status == "active"
    assert list(PastValue.objects.filter(column="status").order_by("pk").values_list("was", flat=True)) == [
        "active", "stopped",
    ]  # fmt: skip


def test_a_row_whose_plan_is_gone_cannot_be_put_back_and_is_told(caller):
    caller.put("plans/OLD", plan("OLD"))
    line = make_subscriber(plan=Plan.objects.get(code="OLD"))
    caller.put("plans/NEW", plan("NEW"))
    row = {
        "subscriber_no": line.subscriber_no, "account_no": line.account.account_no, "phone_number": line.phone_number,
        "line_type": "mobile", "plan_code": "NEW", "branch_code": line.branch.code, "channel": "outlet",
        "activated_on": "2025-01-01", "status": "active",
    }  # fmt: skip
    number = batch(caller, "subscribers", [row], "1")
    assert caller.delete("plans/OLD?reason=x").status_code == 204
    assert take_back(caller, number)["taken_back"]["kept"] == 1
    assert errors(caller, number) == [(1, "reference_gone")]
    assert Subscriber.objects.get().plan.code == "NEW"


def test_a_queued_batch_is_not_taken_back_and_a_held_one_is_discarded(caller):
    number = send(caller, "plans", [plan("A")], key="1").json()["id"]
    answer = caller.delete(f"batches/{number}?reason=x")
    assert (answer.status_code, code(answer)) == (409, "in_progress")
    held = send(caller, "plans", [plan("A", monthly_fee="x")], key="2").json()["id"]
    load_queued()
    assert caller.delete(f"batches/{held}?reason=x").status_code == 204
    assert caller.get(f"batches/{held}").json()["error"] == "discarded"
    assert code(caller.delete(f"batches/{number}")) == "reason_missing"
    assert make_client(FACTS_WRITE).delete(f"batches/{number}?reason=x").status_code == 404


def test_what_is_kept_to_take_a_batch_back_goes_after_five_weeks(caller):
    caller.put("plans/A", plan("A", name="before"))
    number = batch(caller, "plans", [plan("A"), plan("B")], "1")
    assert (LandedChunk.objects.count(), ReplacedRow.objects.count()) == (1, 1)
    drop_old_bodies(now=clock.now() + timedelta(days=36))
    assert not (LandedChunk.objects.exists() or ReplacedRow.objects.exists() or BatchBody.objects.exists())
    assert code(caller.delete(f"batches/{number}?reason=x")) == "body_gone"


# The page.


def test_a_manager_takes_a_batch_back_with_a_reason(client, caller):
    number = batch(caller, "plans", [plan("A")], "1")
    client.force_login(make_user(role="analyst"))
    path = reverse("batches:batch", args=[number])
    assert "Take the batch back" not in client.get(path).content.decode()
    manager = make_user(role="manager")
    client.force_login(manager)
    assert "Take the batch back" in client.get(path).content.decode()
    assert client.post(f"{path}take-back/", {"reason": ""}).status_code == 422
    assert client.post(f"{path}take-back/", {"reason": "wrong month"}).status_code == 302
    page = client.get(path).content.decode()
    assert "wrong month" in page and "Take the batch back" not in page
    assert IngestBatch.objects.get().taken_back["removed"] == 1
    assert AuditEntry.objects.get(action="batch.take_back").actor_id == manager.pk


def test_the_page_says_what_stands_in_the_way(client, caller):
    number = batch(caller, "plans", [plan("A")], "1")
    make_subscriber(plan=Plan.objects.get(code="A"))
    client.force_login(make_user(role="manager"))
    path = reverse("batches:batch", args=[number])
    page = client.post(f"{path}take-back/", {"reason": "x"}, follow=True).content.decode()
    assert "1 other row refers to it (Subscribers (lines): 1)." in page
    assert IngestBatch.objects.get().state == "loaded"
