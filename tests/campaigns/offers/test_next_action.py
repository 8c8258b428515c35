"""The next best action on a customer's page: what comes first, in the order of what it depends on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.offers.models import Offer
from campaigns.offers.queries.matching import eligible_for
from campaigns.outreach.models import ContactPolicy
from customers.contacts.models import ContactRecord
from customers.grants.models import CustomerGrant
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.ui import formats
from tests.campaigns.offers.rows import make_decision, make_line, make_offer
from tests.factories import NOW, TODAY, make_list_entry, make_plan, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    plan = make_plan(monthly_fee=59, name="Sixty")
    return make_line(plan=plan, profile_arpu=Decimal(59), profile_risk_probability=0.9)


@pytest.fixture
def offer():
    return make_offer(code="gift", value=30, cost=6)


def action(client, line, role="manager"):
    client.force_login(make_user(role=role, branch=line.branch))
    with clock.freeze(NOW):
        cards = client.get(reverse("customers:detail", args=[line.subscriber_no])).context["cards"]
    found = [card for card in cards if card.get("measure") == "next_action"]
    return [(card["value"], card["note"], card["href"]) for card in found]


def test_the_offer_that_is_expected_to_bring_most_with_its_gain(client, line, offer):
    make_offer(code="dear", value=30, cost=60)
    (best, *_others) = eligible_for(subscriber_id=line.pk, on=TODAY)
    ((value, note, place),) = action(client, line)
    assert (value, place) == (f"Offer: {best.offer.title}", "#offers")
    assert note == f"expected gain {formats.money(best.economics.gain)}"


def test_no_offer_pays_for_who_hardly_leaves(client, line, offer):
    line.profile.__class__.objects.update(risk_probability=0.001)
    assert action(client, line)[0][:2] == ("Leave alone", "No offer is expected to bring more than it costs.")
    Offer.objects.update(enabled=False)
    assert action(client, line)[0][:2] == ("Leave alone", "No offer may be made to this line.")


def test_a_list_comes_before_the_offers(client, line, offer):
    make_list_entry(customer=line.account.customer, kind=ListEntry.Kind.DO_NOT_DISTURB)
    ((value, note, place),) = action(client, line)
    assert (value, place) == ("Leave alone", "#contact") and "disturb" in note.lower()


def test_a_cap_moves_the_call_and_keeps_the_offer(client, line, offer):
    ContactPolicy.objects.create(attempts=1, attempts_days=2, uncapped=[])
    ContactRecord.objects.create(
        customer=line.account.customer, subscriber=line, channel="call", purpose="retention",
        state=ContactRecord.State.USED, at=NOW, source="test",
    )  # fmt: skip
    ((value, note, _place),) = action(client, line)
    assert value.startswith("Offer: ") and "call from 2026-11-22" in note


def test_a_grant_for_a_while_is_no_open_order(client, line, offer):
    until = NOW + timedelta(minutes=30)
    CustomerGrant.objects.create(customer=line.account.customer, order_no="until-1", until=until)
    ((value, _note, _place),) = action(client, line)
    assert value.startswith("Offer: ")


def test_an_open_order_and_billing_come_first(client, line, offer):
    CustomerGrant.objects.create(customer=line.account.customer, order_no="W1")
    assert action(client, line) == [("Finish the open order", "W1", "#orders")]
    make_decision(line=line, offer=offer)
    ((value, note, place),) = action(client, line)
    assert (value, place) == ("Wait for billing", "#decisions") and offer.title in note
