from datetime import timedelta

import pytest
from django.urls import reverse

from customers.page360.services import MAX_REVEALS, reveal_phone
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid, NotFound, Refused
from tests.factories import NOW, grant, make_subscriber

REVEALS = "customer.reveal_phone"


@pytest.fixture
def line(branches):
    return make_subscriber(branch=branches.outlet, phone_number="10012345678")


def test_a_stated_reason_gives_the_number_and_leaves_a_trace(mia, line):
    assert reveal_phone(user=mia, subscriber=line, reason=" call back ") == "10012345678"
    entry = AuditEntry.objects.get(action=REVEALS)
    assert (entry.actor, entry.target) == (mia, f"subscriber:{line.subscriber_no}")
    assert entry.detail == {"reason": "call back"}


def test_without_a_reason_there_is_no_number(mia, line):
    with pytest.raises(Invalid):
        reveal_phone(user=mia, subscriber=line, reason="  ")
    assert not AuditEntry.objects.filter(action=REVEALS).exists()


def test_an_analyst_never_sees_a_number(lin, line):
    with pytest.raises(Refused):
        reveal_phone(user=lin, subscriber=line, reason="curious")


def test_a_line_outside_ones_reach_does_not_exist(otto, ana, line):
    grant(customer=line.account.customer, user=ana)
    assert reveal_phone(user=ana, subscriber=line, reason="order")
    with pytest.raises(NotFound):
        reveal_phone(user=otto, subscriber=line, reason="order")


def test_thirty_an_hour_are_enough_and_an_hour_later_it_goes_on(mia, line):
    with clock.freeze(NOW):
        for _ in range(MAX_REVEALS):
            reveal_phone(user=mia, subscriber=line, reason="list")
        with pytest.raises(Refused):
            reveal_phone(user=mia, subscriber=line, reason="list")
    with clock.freeze(NOW + timedelta(minutes=61)):
        assert reveal_phone(user=mia, subscriber=line, reason="list")


def test_the_page_swaps_the_number_in(client, mia, line):
    client.force_login(mia)
    url = reverse("customers:phone", args=[line.subscriber_no])
    answer = client.post(url, {"reason": "call back"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "10012345678" in answer.text
    assert "<html" not in answer.text
    assert "10012345678" in client.post(url, {"reason": "no script"}).text


def test_the_page_asks_again_where_the_reason_is_missing(client, mia, line):
    client.force_login(mia)
    answer = client.post(
        reverse("customers:phone", args=[line.subscriber_no]), {"reason": ""}, headers={"HX-Request": "1"}
    )
    assert answer.status_code == 422
    assert "10012345678" not in answer.text


def test_the_page_is_closed_to_other_roles_and_other_peoples_customers(client, lin, otto, line):
    url = reverse("customers:phone", args=[line.subscriber_no])
    for person, status in ((lin, 403), (otto, 404)):
        client.force_login(person)
        answer = client.post(url, {"reason": "why not"})
        assert answer.status_code == status
        assert "10012345678" not in answer.text
    assert client.get(url).status_code == 405
