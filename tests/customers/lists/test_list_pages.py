"""The pages of customer lists: what each does, how many are on it, and exactly those in the list of entries."""

from datetime import timedelta

import pytest

from tests.factories import TODAY, make_list_entry, make_profile, make_subscriber, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
KINDS, ENTRIES = "/administration/lists/", "/administration/lists/entries/"


def customer_in(branch):
    return make_profile(subscriber=make_subscriber(branch=branch)).subscriber.account.customer


@pytest.fixture
def entries(branches):
    here, there = customer_in(branches.outlet), customer_in(branches.other)
    make_list_entry(customer=here)
    make_list_entry(customer=there)
    make_list_entry(customer=here, kind="blacklist", reason="<script>alert(1)</script>")
    make_list_entry(customer=there, kind="red_list", ends_on=TODAY - timedelta(days=1))
    return here, there


def numbers(answer):
    return {row.record.kind.value: row.record.entries for row in answer.context["kinds"].rows}


def found(client, query):
    return client.get(f"{ENTRIES}?{query}").context["table"].paginator.count


def test_numbers_open_their_entries(client, ada, entries):
    client.force_login(ada)
    page = client.get(KINDS)
    assert numbers(page) == {"blacklist": 1, "do_not_disturb": 2, "false_user": 0, "red_list": 0}
    for kind, number in numbers(page).items():
        assert found(client, f"kind={kind}") == number
    assert found(client, "kind=red_list&past=on") == 1
    assert "<script>alert(1)" not in client.get(ENTRIES).text


def test_a_manager_sees_the_lists_of_the_own_branch(client, branches, entries):
    client.force_login(make_user(role="manager", branch=branches.other))
    assert numbers(client.get(KINDS)) == {"blacklist": 0, "do_not_disturb": 1, "false_user": 0, "red_list": 0}
    assert found(client, "") == 1
    here, there = entries
    assert found(client, f"q={there.customer_no}") == 1
    assert found(client, f"q={here.customer_no}") == 0


def test_an_entry_leads_to_its_page_and_that_to_its_customer(client, ada, entries):
    client.force_login(ada)
    (row,) = client.get(f"{ENTRIES}?kind=blacklist").context["table"].rows
    line = entries[0].accounts.get().subscribers.get()
    address = row.table.row_url(row.record)
    assert address == f"{ENTRIES}{row.record.pk}/"
    assert f"/customers/{line.subscriber_no}/#lists" in client.get(address).text


def test_lists_in_chinese(client, ada):
    client.force_login(ada)
    client.cookies["django_language"] = "zh-hans"
    assert "同号码的其他客户也不接触" in client.get(KINDS).text
