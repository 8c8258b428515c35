"""B2: the contacts of a line, as a billing system pulls them."""

from datetime import timedelta

import pytest

from analytics.declarations import RISK_READ
from customers.contacts.models import ContactRecord
from customers.declarations import CONTACTS_READ
from tests.api import make_client
from tests.factories import NOW, TODAY, make_contact, make_list_entry, make_subscriber
from tests.workorders.rows import make_floor, make_orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller():
    return make_client(CONTACTS_READ)


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_the_ledger_of_a_line_newest_first_with_the_orders_behind_it(caller):
    (order,) = make_orders(1, team=make_floor()[0])
    line = order.subscriber
    ContactRecord.objects.all().delete()
    old = make_contact(
        subscriber=line, at=NOW - timedelta(days=9), state=ContactRecord.State.REFUSED, reason="quiet_hours"
    )
    new = make_contact(subscriber=line, at=NOW, order_no=order.order_no, outcome="connected")
    make_contact(subscriber=make_subscriber(customer=line.account.customer))
    answer = caller.get(f"subscribers/{line.subscriber_no}/contacts").json()
    assert answer["next"] is None
    assert [row["id"] for row in answer["results"]] == [new.pk, old.pk]
    first, second = answer["results"]
    assert (first["order_no"], first["order_state"], first["outcome"]) == (order.order_no, order.state, "connected")
    assert (second["state"], second["reason"], second["order_no"]) == ("refused", "quiet_hours", None)
    assert first["at"] == "2026-11-20T10:00:00+08:00"


FIRST_KEYS = {
    "id", "subscriber_no", "at", "channel", "purpose", "state", "reason", "outcome", "source", "order_no",
    "order_state", "disposition",
}  # fmt: skip


def test_the_gates_answers_and_explanations_are_added_and_nothing_is_taken_away(caller, standing_clock):
    line = make_subscriber()
    make_list_entry(customer=line.account.customer, channel="call", ends_on=TODAY + timedelta(days=1), reason="letter")
    make_contact(subscriber=line, at=NOW, state=ContactRecord.State.REFUSED, reason="profiling_opt_out", by_risk=True)
    answer = caller.get(f"subscribers/{line.subscriber_no}/contacts").json()
    assert set(answer) == {"results", "next", "may_contact"}
    (row,) = answer["results"]
    assert set(row) == FIRST_KEYS | {"explanation", "by_risk", "displaced_by"}
    assert (row["by_risk"], row["displaced_by"]) == (True, None)
    assert row["explanation"] == "The customer opted out of profiling, and a risk score asks for this contact."
    answers = {(one["channel"], one["purpose"]): one for one in answer["may_contact"]}
    assert len(answers) == 20  # five purposes over calls, SMS, e-mail and the app
    assert answers["call", "retention"] == {
        "channel": "call", "purpose": "retention", "allowed": False, "reason": "do_not_disturb",
        "explanation": "Do not disturb since 19 Nov 2026: letter.", "since": "2026-11-19",
        "first_allowed_at": "2026-11-22T09:00:00+08:00",
    }  # fmt: skip
    assert answers["sms", "retention"] == {
        "channel": "sms", "purpose": "retention", "allowed": True, "reason": "", "explanation": None, "since": None,
        "first_allowed_at": "2026-11-20T10:00:00+08:00",
    }  # fmt: skip


def test_pages_follow_the_time_even_when_two_are_of_one_moment(caller):
    line = make_subscriber()
    made = [make_contact(subscriber=line, at=NOW - timedelta(hours=hours)) for hours in (5, 1, 1, 3, 1)]
    seen, cursor = [], ""
    while cursor is not None:
        answer = caller.get(f"subscribers/{line.subscriber_no}/contacts?limit=2&cursor={cursor}").json()
        seen += [row["id"] for row in answer["results"]]
        cursor = answer["next"]
    assert seen == [made[place].pk for place in (4, 2, 1, 3, 0)]


def test_lines_of_other_branches_are_not_there(branches):
    caller = make_client(CONTACTS_READ, branch=branches.city)
    line = make_subscriber(branch=branches.other)
    assert code(caller.get(f"subscribers/{line.subscriber_no}/contacts")) == (404, "not_found")


def test_a_cursor_that_is_none_and_a_missing_scope(caller):
    line = make_subscriber()
    path = f"subscribers/{line.subscriber_no}/contacts"
    assert code(caller.get(f"{path}?cursor=WzEsMl0")) == (422, "bad_parameter")
    assert code(make_client(RISK_READ).get(path)) == (403, "missing_scope")


def test_the_queries_do_not_grow_with_the_contacts(caller, django_assert_max_num_queries):
    line = make_subscriber()
    for order in make_orders(8, team=make_floor()[0]):
        make_contact(subscriber=line, order_no=order.order_no)
    with django_assert_max_num_queries(7):
        assert len(caller.get(f"subscribers/{line.subscriber_no}/contacts").json()["results"]) == 8
