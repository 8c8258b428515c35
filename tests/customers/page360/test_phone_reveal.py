from datetime import timedelta

import pytest
from django.urls import reverse

from customers.page360.models import RevealLimit
from customers.page360.services import MAX_REVEALS, RAISED_BY, raise_reveal_limit, reveal_limit, reveal_phone
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


@pytest.fixture
def lines(branches):
    return [make_subscriber(branch=branches.outlet) for _line in range(MAX_REVEALS + 1)]


def look(user, *lines) -> None:
    for line in lines:
        reveal_phone(user=user, subscriber=line, reason="list")


def test_thirty_customers_an_hour_are_enough_and_an_hour_later_it_goes_on(mia, lines):
    with clock.freeze(NOW):
        look(mia, *lines[:MAX_REVEALS])
        with pytest.raises(Refused) as error:
            look(mia, lines[-1])
        assert error.value.code == "too_often"
    with clock.freeze(NOW + timedelta(minutes=61)):
        look(mia, lines[-1])


def test_the_same_customer_again_is_not_counted_and_never_refused(mia, lines):
    with clock.freeze(NOW):
        for _again in range(MAX_REVEALS + 5):
            look(mia, lines[0])
        second = make_subscriber(branch=lines[0].branch, account=lines[0].account)
        look(mia, second, *lines[1:MAX_REVEALS], lines[0])


def test_a_role_has_its_own_limit(mia, sam, lines):
    RevealLimit.objects.create(role="manager", per_hour=2)
    assert (reveal_limit(mia, now=NOW), reveal_limit(sam, now=NOW)) == (2, MAX_REVEALS)
    with clock.freeze(NOW):
        look(mia, *lines[:2])
        with pytest.raises(Refused):
            look(mia, lines[2])


def test_it_is_raised_for_one_person_until_midnight(mia, ada, lines):
    with clock.freeze(NOW):
        look(mia, *lines[:MAX_REVEALS])
        raise_reveal_limit(user=mia, actor=ada, now=clock.now())
        look(mia, lines[-1])
    assert reveal_limit(mia, now=NOW) == MAX_REVEALS + RAISED_BY
    assert reveal_limit(mia, now=NOW + timedelta(days=1)) == MAX_REVEALS
    assert AuditEntry.objects.get(action="customer.raise_reveals").actor == ada


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
