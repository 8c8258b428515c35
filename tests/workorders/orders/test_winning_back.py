"""From a leaver found by S24 to an order, and what ends it."""

import pytest
from django.urls import reverse

from campaigns.offers.services.installation import install_offers
from campaigns.offers.services.proposals import accept, propose
from campaigns.outreach import may_call_now
from campaigns.outreach.models import ContactPurpose, RefusalReason
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.installation import install_scenarios
from campaigns.scenarios.services.nightly import run_scenarios
from customers.lists.models import ListEntry
from customers.page360.services import reveal_phone
from customers.profile.models import LeaverProfile
from retention.core import clock
from retention.core.accounts.roles import Role
from retention.core.masking import mask_phone
from tests.campaigns.rows import make_leaver
from tests.factories import NOW, TODAY, make_customer, make_list_entry, make_subscriber, make_team, make_user
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.auto_close import auto_close_orders
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.scenario_opening import open_from_hits
from workorders.orders.states import State
from workorders.proposals.queries import offers_pane

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped():
    install_order_types()
    install_scenarios()
    Scenario.objects.update(holdout_percent=0)


def night() -> list[WorkOrder]:
    run_scenarios(as_of=TODAY, now=NOW)
    open_from_hits(as_of=TODAY, now=NOW)
    return list(WorkOrder.objects.order_by("pk"))


def give_contact_phone(leaver: LeaverProfile, number: str) -> None:
    owner = leaver.subscriber.account.customer
    owner.contact_phone = number
    owner.save()


def test_a_leaver_becomes_an_order_that_outlives_the_night():
    leaver = make_leaver()
    (order,) = night()
    assert (order.type.code, order.subscriber, order.state) == ("win_back", leaver.subscriber, State.QUEUED)
    assert order.evidence[0]["facts"]["days_since_left"] == 40
    assert auto_close_orders(as_of=TODAY, now=NOW) == 0


def test_it_ends_when_the_line_is_no_longer_to_be_won_back():
    leaver = make_leaver()
    (order,) = night()
    LeaverProfile.objects.filter(pk=leaver.pk).delete()
    assert auto_close_orders(as_of=TODAY, now=NOW) == 1
    order.refresh_from_db()
    assert order.state == State.CANCELLED
    assert order.transitions.latest("version").detail["reason"] == "not_to_win_back"


def test_who_does_not_want_to_be_disturbed_is_not_asked_back():
    leaver = make_leaver()
    make_list_entry(customer=leaver.customer, kind=ListEntry.Kind.DO_NOT_DISTURB)
    assert night() == []


@pytest.mark.parametrize(("reason", "refused"), [("voluntary", True), ("port_out", False)])
def test_the_gate_asks_about_the_number_that_would_be_called(reason, refused):
    """A number out of use is called at the contact phone, where what was asked for there holds; a ported one is not."""
    leaver = make_leaver(left_reason=reason)
    give_contact_phone(leaver, "13800000007")
    other = make_subscriber(customer=make_customer(), phone_number="13800000007")
    make_list_entry(customer=other.account.customer, kind=ListEntry.Kind.DO_NOT_DISTURB)
    answer = may_call_now(
        customer_id=leaver.customer_id, subscriber_id=leaver.pk, now=NOW, purpose=ContactPurpose.RETENTION
    )
    assert answer == (RefusalReason.DO_NOT_DISTURB if refused else None)


@pytest.mark.parametrize(("reason", "shown"), [("voluntary", "13800000007"), ("port_out", "13800000008")])
def test_the_number_that_is_shown_is_the_one_to_call(reason, shown):
    leaver = make_leaver(left_reason=reason)
    leaver.subscriber.phone_number = "13800000008"
    leaver.subscriber.save()
    give_contact_phone(leaver, "13800000007")
    user = make_user(role=Role.ADMINISTRATOR)
    assert reveal_phone(user=user, subscriber=leaver.subscriber, reason="call") == shown


def test_an_order_of_any_other_type_still_ends_when_its_line_has_left():
    make_leaver()
    (order,) = night()
    WorkOrder.objects.filter(pk=order.pk).update(type_id=OrderType.objects.get(code="care"))
    assert auto_close_orders(as_of=TODAY, now=NOW) == 1


def test_the_call_screen_shows_the_number_to_call(client):
    leaver = make_leaver(left_reason="voluntary")
    give_contact_phone(leaver, "13800000007")
    team = make_team(branch=leaver.branch)
    agent = make_user(role=Role.AGENT, branch=leaver.branch, teams=(team,))
    (order,) = night()
    client.force_login(agent)
    with clock.freeze(NOW):
        page = client.get(client.post(reverse("workorders:next")).url).content.decode()
    assert order.order_no in page
    assert mask_phone("13800000007") in page
    assert "This line has left" in page


def test_an_offer_for_who_has_left_is_made_on_the_call_and_goes_to_billing():
    install_offers(on=TODAY)
    leaver = make_leaver()
    team = make_team(branch=leaver.branch)
    agent = make_user(role=Role.AGENT, branch=leaver.branch, teams=(team,))
    night()
    order = claim_next(agent=agent, now=NOW)
    pane = offers_pane(order, now=NOW, may_propose=True)
    assert [one.offer.code for one in pane["offers"]] == ["welcome-back"]
    given = {"order_no": order.order_no, "actor": agent, "now": NOW}
    made = propose(subscriber=order.subscriber, offer_code="welcome-back", **given)
    assert accept(decision_id=made.pk, **given).state == "accepted"
