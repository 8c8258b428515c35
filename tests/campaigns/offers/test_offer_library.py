"""The library: what became of each offer, what is left of it, what it brings for a typical line; its limits."""

import csv
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.audiences.rules.parser import as_json
from campaigns.offers import defaults
from campaigns.offers.families import Family, kind_of
from campaigns.offers.models import Decision, Offer, OfferPool, ceilings
from campaigns.offers.queries.library import library, typical_line
from campaigns.offers.rules import parse_offer_rule
from campaigns.offers.services.billing import refuse
from campaigns.offers.services.installation import count_answers, install_offers
from campaigns.offers.services.proposals import accept, decline, propose, withdraw_proposals
from campaigns.offers.text import format_rate, format_typical
from customers.facts.models import Subscriber
from customers.glossary.models import FieldDistribution
from retention.core.errors import Invalid
from retention.core.managed.services import create
from retention.core.ui import formats
from tests.api import make_client
from tests.campaigns.offers.rows import make_decision, make_line, make_offer
from tests.campaigns.rows import ask, rule
from tests.factories import NOW, TODAY, make_plan, make_policy, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
LIST = reverse("offers:offers")


@pytest.fixture
def boss():
    return make_user(role="administrator")


def row(user, offer):
    return library(user, now=NOW).get(pk=offer.pk)


def test_each_family_ships_in_both_languages_with_terms_and_a_rule_that_holds():
    make_policy(months=36), make_policy(months=12)
    make_plan(monthly_fee=49, data_mb=1000), make_plan(monthly_fee=99, data_mb=50_000), make_plan(data_mb=10_000)
    install_offers(on=TODAY)
    offers = list(Offer.objects.all())
    assert {one.family for one in offers} == set(Family.values)
    for one in offers:
        assert one.enabled and one.name and one.name_zh and one.pitch and one.pitch_zh
        assert one.kind == kind_of(one.family)
        assert not one.gift or one.gift_zh
        assert as_json(parse_offer_rule(one.rule)) == one.rule
    draw = Offer.objects.get(code="prize-draw")
    assert (draw.valid_from, draw.valid_until) == (TODAY, TODAY + timedelta(days=365))
    pool = OfferPool.objects.get(offer=draw)
    assert (pool.branch, pool.stock, pool.budget) == (None, 5000, 25000)
    assert {row["family"] for row in defaults.OFFERS} == set(Family.values)


def test_what_became_of_an_offer_is_counted_and_what_it_cost_so_far(boss):
    offer = make_offer(cost=Decimal("6"), handling_cost=Decimal("1"))
    make_decision(offer=offer)
    refused = make_decision(offer=offer)
    refuse(decision_id=str(refused.public_id), client=make_client().client, reason="no", now=NOW)
    agent = make_user(role="agent")
    propose(order_no="W1", subscriber=make_line(), offer_code=offer.code, actor=agent, now=NOW)
    found = row(boss, offer)
    assert (found.proposed, found.accepted, found.refused, found.spent) == (3, 2, 1, 7)
    assert (found.stock_left, found.budget_left) == (None, None)
    OfferPool.objects.create(offer=offer, stock=10, held_units=3, budget=100, held_yuan=Decimal("21"))
    found = row(boss, offer)
    assert (found.stock_left, found.budget_left) == (7, 79)


def test_the_answers_of_customers_are_counted_each_night(boss):
    """Two accepted, of which billing refused one; one declined; one withdrawn and one tomorrow are no answers yet."""
    offer, agent = make_offer(), make_user(role="agent")
    for order_no in ("W1", "W2", "W3"):
        propose(order_no=order_no, subscriber=make_line(), offer_code=offer.code, actor=agent, now=NOW)
    first, second, third = Decision.objects.order_by("pk")
    decline(order_no="W1", decision_id=first.pk, reason="price", actor=agent, now=NOW)
    withdraw_proposals(order_no="W2", actor=agent, now=NOW)
    accept(order_no="W3", decision_id=third.pk, actor=agent, now=NOW)
    refused = make_decision(offer=offer)
    refuse(decision_id=str(refused.public_id), client=make_client().client, reason="no", now=NOW)
    late = make_decision(offer=offer)
    Decision.objects.filter(pk=late.pk).update(accepted_at=NOW + timedelta(days=1))
    until = NOW + timedelta(hours=14)
    assert (count_answers(until=until), count_answers(until=until)) == (1, 0)
    offer.refresh_from_db()
    assert (offer.asked, offer.taken, offer.version) == (3, 2, 1)


def test_a_request_that_waits_or_was_denied_is_not_counted_as_proposed(boss):
    offer = make_offer()
    decision = make_decision(offer=offer)
    Decision.objects.filter(pk=decision.pk).update(state="requested", accepted_at=None, accepted_by=None)
    assert row(boss, offer).proposed == 0


def test_lines_kept_after_90_days(boss):
    """Accepted 100 days ago: one left after 89 days, one after 91, one stays; one more accepted it only 80 days ago."""
    offer = make_offer()
    for accepted, left in ((100, 89), (100, 91), (100, None), (80, 10)):
        line = make_decision(offer=offer).subscriber
        at = NOW - timedelta(days=accepted)
        Decision.objects.filter(subscriber=line).update(accepted_at=at)
        if left is not None:
            Subscriber.objects.filter(pk=line.pk).update(
                status="terminated", terminated_on=at.date() + timedelta(days=left)
            )
    gone = make_decision(offer=offer)
    Decision.objects.filter(pk=gone.pk).update(accepted_at=NOW - timedelta(days=100))
    refuse(decision_id=str(gone.public_id), client=make_client().client, reason="no", now=NOW)
    found = row(boss, offer)
    assert (found.kept_of, found.kept) == (3, 2)
    assert format_rate(found.kept, found.kept_of) == "66.7% of 3"
    assert format_rate(0, 0) == "–"


def spread(field, branch, counts, low, step):
    FieldDistribution.objects.create(
        field=field, branch=branch, as_of=TODAY, lines=sum(counts.values()), low=low, step=step, bins=20, counts=counts
    )


def test_the_typical_line_has_the_medians_of_what_one_sees(boss, branches):
    assert typical_line(boss) is None
    spread("arpu", branches.city, {"2": 10, "5": 1}, 0, 20)  # the median lies between 40 and 60
    spread("plan_fee", branches.city, {"3": 11}, 0, 20)  # between 60 and 80
    spread("risk_probability", branches.city, {"1": 11}, 0, 0.02)
    spread("arpu", branches.other, {"9": 50}, 0, 20)
    manager = make_user(role="manager", branch=branches.city)
    found = typical_line(manager)
    assert (found.spend, found.fee, found.chance) == (50, 70, pytest.approx(0.03))
    assert typical_line(boss).spend == 190
    assert format_typical(found) == "¥50.00 a month, churn probability 3.0%: the medians of the last night."
    gift = found.economics(make_offer(cost=Decimal(6)))
    assert gift.one_off == 6
    change = found.economics(make_offer(kind="plan_change", plan=make_plan(monthly_fee=60), value=0, cost=0))
    assert change.monthly == 10
    broadband = make_plan(line_type="broadband", monthly_fee=60)
    assert found.economics(make_offer(kind="plan_change", plan=broadband)) is None


def test_the_list_shows_and_exports_it(client, boss, branches):
    spread("arpu", branches.city, {"2": 11}, 0, 20)
    spread("plan_fee", branches.city, {"3": 11}, 0, 20)
    spread("risk_probability", branches.city, {"1": 11}, 0, 0.02)
    offer = make_offer(name="Voucher", cost=Decimal(6))
    make_decision(offer=offer)
    OfferPool.objects.create(offer=offer, stock=10, held_units=3)
    client.force_login(boss)
    text = client.get(LIST).content.decode()
    gain = typical_line(boss).economics(offer).gain
    assert formats.money(round(gain, 2)) in text
    assert "100.0% of 1" in text
    assert "churn probability 3.0%" in text
    sent = b"".join(client.get(LIST, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    (data,) = csv.DictReader(sent.splitlines())
    assert (data["Stock left"], data["Cost so far"], data["Take rate"]) == ("7", "6.00", "1.0")
    assert float(data["Gain, typical line"]) == pytest.approx(gain, abs=0.005)


def test_the_page_shows_stock_and_economics_by_plan(client, boss, branches):
    offer = make_offer(family="deposit_gift", deposit=100, bound_months=12, clawback=50, repeat_months=6)
    OfferPool.objects.create(offer=offer, stock=10, held_units=3)
    make_line(profile_arpu=Decimal(100), profile_risk_probability=0.5)
    client.force_login(boss)
    text = client.get(reverse("offers:offer", args=[offer.code])).content.decode()
    assert "Bound for 12 months; who leaves before repays ¥50.00" in text
    assert "Stock left" in text
    part = client.get(reverse("offers:offer-eligible", args=[offer.code]))
    (group,) = part.context["table"].rows
    found = group.record.economics
    assert found.gain == pytest.approx(0.5 * found.save_rate * found.kept - 0.6 * 6)
    assert f"¥{found.gain:,.2f}" in part.content.decode()
    months = [one.record for one in part.context["months"].rows]
    assert (len(months), months[-1].total) == (found.horizon, pytest.approx(found.if_saved))
    assert "Month by month, for lines of" in part.content.decode()


def test_stock_and_budget_are_set_on_their_page(client, boss, branches):
    offer = make_offer()
    address = reverse("offers:offer-limits", args=[offer.code])
    client.force_login(boss)
    assert client.get(address).status_code == 200
    assert client.post(address, {"branch": branches.city.pk, "stock": "5", "budget": ""}).status_code == 302
    pool = OfferPool.objects.get()
    assert (pool.branch, pool.stock, pool.budget) == (branches.city, 5, None)
    OfferPool.objects.update(held_units=4)
    answer = client.post(address, {"branch": branches.city.pk, "stock": "3"})
    assert answer.status_code == 422
    assert "4 are given or reserved already." in answer.content.decode()
    client.force_login(make_user(role="manager", branch=branches.city))
    assert client.post(address, {"branch": branches.other.pk, "stock": "3"}).status_code == 422  # not hers to choose
    assert client.post(address, {"branch": "", "stock": "3"}).status_code == 422
    assert OfferPool.objects.count() == 1


def test_ceilings_are_seen_by_all_and_changed_from_the_root(client, boss, branches):
    address = reverse("offers:ceilings")
    client.force_login(make_user(role="agent"))
    assert "¥300.00" in client.get(address).content.decode()
    client.force_login(make_user(role="manager", branch=branches.city))
    assert "Change a ceiling" not in client.get(address).content.decode()
    assert client.post(address, {"role": "agent", "yuan": "1"}).status_code == 403
    client.force_login(boss)
    assert client.post(address, {"role": "agent", "yuan": "450"}).status_code == 302
    assert client.post(address, {"role": "supervisor", "yuan": ""}).status_code == 302
    assert (ceilings()["agent"], ceilings()["supervisor"], ceilings()["manager"]) == (450, None, 20_000)
    assert client.post(address, {"role": "analyst", "yuan": "1"}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"family": "deposit_gift", "deposit": Decimal(0)}, "deposit"),
        ({"family": "care", "clawback": Decimal(5)}, "bound_months"),
        ({"family": "care", "handling_cost": Decimal(-1)}, "handling_cost"),
    ],
)
def test_terms_that_contradict_each_other_are_refused(boss, wrong, field):
    values = {"name": "Gift", "gift": "50 yuan", "rule": rule(ask("status", "=", "active"))}
    with pytest.raises(Invalid) as refused:
        create(model=Offer, actor=boss, code="gift", values=values | wrong)
    assert refused.value.details[0]["field"] == field


def test_a_family_keeps_only_its_own_terms(boss):
    values = {
        "name": "Points", "gift": "2,000 points", "family": "points", "deposit": Decimal(100), "plan": make_plan(),
        "rule": rule(ask("status", "=", "active")),
    }  # fmt: skip
    offer = create(model=Offer, actor=boss, code="points", values=values)
    assert (offer.kind, offer.deposit, offer.plan) == ("gift", 0, None)
