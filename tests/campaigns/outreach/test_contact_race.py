"""However many ask for one customer at once, one gets the contact."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from campaigns.outreach import ContactRequest, reserve
from customers.contacts.models import ContactRecord
from tests.factories import NOW, make_subscriber

pytestmark = pytest.mark.django_db(transaction=True)


def ask_together(*asked: list[ContactRequest]) -> list[bool]:
    """Each list of requests from a connection of its own, all at the same moment; True where any was allowed."""
    start = Barrier(len(asked))

    def one(requests: list[ContactRequest]) -> bool:
        try:
            start.wait(timeout=10)
            with transaction.atomic():
                verdicts = reserve(requests=requests, now=NOW)
                time.sleep(0.05)  # the order is written before the others may see the reservation
            return any(verdict.allowed for verdict in verdicts)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(one, asked))


def wish(line, order_no):
    return ContactRequest(line.account.customer_id, line.pk, "call", "retention", "test", order_no)


def test_of_many_single_requests_one_wins():
    line = make_subscriber()
    answers = ask_together(*[[wish(line, f"W{number}")] for number in range(6)])
    assert sum(answers) == 1
    assert ContactRecord.objects.filter(state=ContactRecord.State.RESERVED).count() == 1


def test_of_several_customers_at_one_number_one_wins():
    lines = [make_subscriber(phone_number="10088880000") for _ in range(5)]
    assert sum(ask_together(*[[wish(line, f"W{line.pk}")] for line in lines])) == 1


def test_the_night_and_an_agent_do_not_both_win():
    line, other = make_subscriber(), make_subscriber()
    night = [wish(other, "N1"), wish(line, "N2")]
    ask_together(night, [wish(line, "W1")], [wish(other, "W2")], [wish(line, "W3")])
    reserved = ContactRecord.objects.filter(state=ContactRecord.State.RESERVED)
    assert sorted(reserved.values_list("customer_id", flat=True)) == sorted(
        [line.account.customer_id, other.account.customer_id]
    )


def test_requests_for_different_customers_do_not_wait_for_each_other():
    lines = [make_subscriber() for _ in range(4)]
    assert all(ask_together(*[[wish(line, f"W{line.pk}")] for line in lines]))
