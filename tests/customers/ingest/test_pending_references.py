"""A row may come before what it refers to: it waits, and lands by itself when that comes."""

import pytest

from customers.facts.models import Bill, Contract, Payment, Subscriber
from customers.ingest.models import QuarantinedRow
from customers.ingest.services.pending_references import land_pending
from tests.customers.ingest.rows import BRANCHES, NOW, PLAN, account, bill, customer, send, subscriber

pytestmark = pytest.mark.django_db


def waiting() -> set[tuple[str, str, str]]:
    return set(QuarantinedRow.objects.filter(state="waiting").values_list("resource", "waits_for", "waits_key"))


def test_a_bill_before_its_subscriber_waits_and_lands_with_it(operator: None) -> None:
    result = send("bills", [bill(9), bill(1)])
    assert result.counts() == {"received": 2, "applied": 1, "unchanged": 0, "waiting": 1, "rejected": 0}
    assert waiting() == {("bills", "subscribers", "S9")}
    kept = QuarantinedRow.objects.get()
    assert kept.code == "unknown_reference"
    assert kept.message == "Row 1: subscriber_no is 'S9', which is not known yet; the row waits for it."
    send("subscribers", [subscriber(9, account_no="A1")])
    assert Bill.objects.filter(subscriber__subscriber_no="S9").count() == 1
    assert not QuarantinedRow.objects.exists()


def test_a_whole_operator_sent_backwards_lands(db: None) -> None:
    send("bills", [bill()])
    send("subscribers", [subscriber()])
    send("accounts", [account()])
    send("customers", [customer()])
    assert len(waiting()) == 4
    send("plans", [PLAN])
    assert Subscriber.objects.count() == 0
    send("branches", BRANCHES)
    assert Bill.objects.count() == 1
    assert not QuarantinedRow.objects.exists()


def test_a_row_that_lacks_two_things_waits_for_both(operator: None) -> None:
    send(
        "contracts",
        [
            {
                "contract_no": "K",
                "subscriber_no": "S9",
                "policy_code": "Y",
                "starts_on": "2026-01-01",
                "ends_on": "2026-12-31",
            }
        ],
    )
    send("subscribers", [subscriber(9, account_no="A1")])
    assert waiting() == {("contracts", "policies", "Y")}
    send("policies", [{"code": "Y", "name": "Year", "months": "12"}])
    assert Contract.objects.count() == 1


def test_the_last_of_several_waiting_rows_of_one_key_stands(operator: None) -> None:
    send("bills", [bill(9, total="1")], source="monday")
    send("bills", [bill(9, total="2")], source="tuesday")
    send("subscribers", [subscriber(9, account_no="A1")])
    assert str(Bill.objects.get().total) == "2.00"
    assert not QuarantinedRow.objects.exists()


def test_an_older_version_that_waited_does_not_win(operator: None) -> None:
    send("bills", [bill(9, total="2", source_version="2")], source="tuesday")
    send("bills", [bill(9, total="1", source_version="1")], source="late")
    send("subscribers", [subscriber(9, account_no="A1")])
    assert str(Bill.objects.get().total) == "2.00"


def test_a_row_that_turns_out_bad_when_it_lands_is_rejected_under_its_own_number(operator: None) -> None:
    send("bills", [bill(1), bill(9)], source="first")
    QuarantinedRow.objects.update(raw=bill(9, total="many"))
    send("subscribers", [subscriber(9, account_no="A1")])
    kept = QuarantinedRow.objects.get()
    assert (kept.state, kept.source, kept.row_no, kept.code) == ("rejected", "first", 2, "not_a_number")


def test_waiting_rows_of_another_resource_are_left_alone(operator: None) -> None:
    send("bills", [bill(9)])
    send("payments", [{"payment_no": "P", "account_no": "A9", "paid_at": "2026-01-01T10:00:00Z", "amount": "1"}])
    send("accounts", [account(9, customer_no="C1")])
    assert Payment.objects.count() == 1
    assert waiting() == {("bills", "subscribers", "S9")}


def test_waiting_rows_can_be_looked_at_any_time(operator: None) -> None:
    send("bills", [bill(9)])
    assert land_pending(now=NOW) == 0
    Subscriber.objects.filter(subscriber_no="S1").update(subscriber_no="S9")
    assert land_pending(now=NOW) == 1
    assert Bill.objects.count() == 1
