"""Many messages are queued before the database has statistics of them, as in every first campaign."""

import pytest
from django.db import connection

from campaigns.messages.models import Message
from campaigns.messages.services.queueing import MessageRequest, queue_messages
from customers.facts.models import Account, Customer, Subscriber
from tests.campaigns.messages.rows import make_template
from tests.factories import NOW, make_branch, make_plan

# Each customer's rows are read eight times; with every pair of messages it would be 2,000 times.
MESSAGES, READS = 2000, 100


def make_readers() -> list[Subscriber]:
    branch, plan, numbers = make_branch(), make_plan(), range(MESSAGES)
    customers = Customer.objects.bulk_create(
        Customer(customer_no=f"C{n}", kind="individual", name="李明", branch=branch) for n in numbers
    )
    accounts = Account.objects.bulk_create(
        Account(account_no=f"A{n}", customer=customers[n], pay_mode="postpaid") for n in numbers
    )
    return Subscriber.objects.bulk_create(
        Subscriber(
            subscriber_no=f"S{n}", account=accounts[n], phone_number=f"1009{n:07d}", line_type="mobile", plan=plan,
            branch=branch, channel="hall", activated_on="2024-01-01", status="active",
        )
        for n in numbers
    )  # fmt: skip


def rows_read(tables: list[str]) -> int:
    """Rows that the statements of this transaction have read from the tables so far."""
    read = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(read, [tables])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_two_thousand_of_one_occasion_are_not_paired_with_each_other():
    tables = [model._meta.db_table for model in (Customer, Account, Subscriber, Message)]
    template = make_template(valid_hours=24)
    requests = [MessageRequest(line.pk, "campaign", "DRILL:1") for line in make_readers()]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")  # no message yet
    before = rows_read(tables)
    queued = queue_messages(requests=requests, template=template, now=NOW)
    assert rows_read(tables) - before < READS * MESSAGES
    assert len({one.reference for one in queued}) == MESSAGES
