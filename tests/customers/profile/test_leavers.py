"""Which lines that left are kept for winning back, and which never are."""

from datetime import timedelta

import pytest

from customers.contacts.numbers import call_number
from customers.facts.models import Subscriber
from customers.profile.models import LeaverProfile, SubscriberProfile
from customers.profile.services import build_profile, build_snapshot
from tests import factories as make
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def leaver(*, days: int = 40, reason: str = "port_out", contact_phone: str = "", **given) -> Subscriber:
    customer = given.pop("customer", None) or make.make_customer(contact_phone=contact_phone)
    return make.make_subscriber(
        customer=customer, status="terminated", terminated_on=TODAY - timedelta(days=days), termination_reason=reason,
        **given,
    )  # fmt: skip


def kept() -> set[Subscriber]:
    build_profile(as_of=TODAY, force=True)
    return {row.subscriber for row in LeaverProfile.objects.select_related("subscriber")}


def test_who_chose_to_leave_is_kept_for_half_a_year_beside_the_lines_in_use():
    live = make.make_subscriber()
    ported, given_up = leaver(days=179), leaver(reason="voluntary", contact_phone="13900001111", days=0)
    leaver(days=180)

    assert kept() == {ported, given_up}
    assert {row.subscriber for row in SubscriberProfile.objects.all()} == {live}
    row = LeaverProfile.objects.get(subscriber=ported)
    assert (row.days_since_left, row.left_reason, float(row.left_spend)) == (179, "port_out", 59)
    assert (row.as_of, row.customer, row.branch) == (TODAY, ported.account.customer, ported.branch)


def test_what_a_line_in_use_has_no_leaving():
    make.make_subscriber()
    kept()
    profile = SubscriberProfile.objects.get()
    assert (profile.days_since_left, profile.left_reason, profile.left_spend) == (None, None, None)


@pytest.mark.parametrize("reason", ["arrears", "false_user", "other", ""])
def test_who_did_not_choose_to_leave_is_never_kept(reason):
    leaver(reason=reason, contact_phone="13900001111")
    assert kept() == set()


def test_a_number_with_a_new_owner_is_not_called():
    taken = leaver(phone_number="13800000001")
    given_up = leaver(reason="voluntary", contact_phone="13800000002")
    free = leaver(phone_number="13800000003")
    make.make_subscriber(phone_number="13800000001")
    make.make_subscriber(phone_number="13800000002")

    assert kept() == {free}
    assert {taken, given_up}.isdisjoint(kept())


def test_a_ported_number_that_is_back_is_not_won_back_again():
    customer = make.make_customer()
    leaver(customer=customer, phone_number="13800000001")
    make.make_subscriber(customer=customer, phone_number="13800000001")
    assert kept() == set()


def test_a_number_out_of_use_is_called_at_another_number_of_the_customer_or_not_at_all():
    customer = make.make_customer(contact_phone="13800000009")
    reached = leaver(reason="voluntary", customer=customer)
    make.make_subscriber(customer=customer, phone_number="13800000009")
    leaver(reason="voluntary")  # no contact phone
    leaver(reason="voluntary", contact_phone="13800000004", phone_number="13800000004")
    other = make.make_customer(contact_phone="13800000005")
    leaver(reason="voluntary", customer=other)
    leaver(reason="voluntary", customer=other, phone_number="13800000005")  # ended as well: dead

    assert kept() == {reached}
    assert call_number(reached) == "13800000009"


def test_a_line_that_comes_back_is_a_line_in_use_the_same_night():
    line = leaver()
    assert kept() == {line}
    Subscriber.objects.update(status="active", terminated_on=None, termination_reason="")
    assert kept() == set()
    assert SubscriberProfile.objects.get().subscriber == line


def test_snapshots_are_of_lines_in_use():
    make.make_subscriber()
    leaver()
    assert build_snapshot(as_of=TODAY) == 1
