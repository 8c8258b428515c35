"""The order of the offers for one line, and what bars one: offers accepted before; the risk moves the order alone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.offers.limits import accepted_lately, months_later
from campaigns.offers.models import Decision, Offer
from campaigns.offers.queries.matching import eligible_for, judged_for
from campaigns.offers.services.billing import refuse
from campaigns.offers.services.proposals import propose
from campaigns.offers.text import format_gain, format_gain_reason
from retention.core.errors import Invalid
from tests.api import make_client
from tests.campaigns.offers.rows import make_decision, make_line, make_offer
from tests.factories import NOW, TODAY, make_account, make_plan, make_policy, make_profile, make_subscriber, make_user

pytestmark = pytest.mark.django_db


def on_59(chance, **given):
    plan = make_plan(monthly_fee=59, name="Sixty")
    return make_line(plan=plan, profile_arpu=Decimal(59), profile_risk_probability=chance, **given)


@pytest.fixture
def offers():
    """A gift, a renewal and a plan of 49 instead of 59."""
    return (
        make_offer(code="gift", value=30, cost=6),
        make_offer(code="renew", kind="renewal", policy=make_policy(gift_value=Decimal(60)), value=0, cost=0),
        make_offer(code="plan", kind="plan_change", plan=make_plan(monthly_fee=49), value=0, cost=0),
    )


def gains(line):
    return {one.offer.code: one.economics.gain for one in eligible_for(subscriber_id=line.pk, on=TODAY)}


def test_the_offer_that_is_expected_to_bring_most_leads(offers):
    found = gains(on_59(0.9))
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert list(found)[0] == "renew"  # 15 % stay for it, against 10 and 12
    found = gains(on_59(0.01))
    assert list(found)[0] == "gift"  # it costs least where hardly anybody leaves
    assert all(gain < 0 for gain in found.values())


def test_what_customers_turn_down_falls_behind(offers):
    gift, renewal, _plan = offers
    line = on_59(0.9)
    assert list(gains(line))[:1] == [renewal.code]
    Offer.objects.filter(pk=renewal.pk).update(asked=200, taken=2)
    assert gains(line)[renewal.code] < gains(line)[gift.code]


def test_two_lines_alike_but_for_the_risk_get_the_same_terms(offers):
    """Only the order may differ (PIPL, Art. 24)."""
    low, high = on_59(0.01), on_59(0.9)
    high.plan_id = low.plan_id
    high.save()
    make_offer(code="dear", kind="plan_change", plan=make_plan(monthly_fee=8), value=0, cost=0)  # pays for neither

    def terms(line):
        found = judged_for(subscriber_id=line.pk, on=TODAY)
        return {one.offer.code: (one.is_eligible, one.reasons, one.offer.terms_for(one.amounts)) for one in found}

    assert terms(low) == terms(high)
    assert list(gains(low)) != list(gains(high))


def test_the_reason_is_in_words(offers):
    by_code = {one.offer.code: one for one in judged_for(subscriber_id=on_59(0.9).pk, on=TODAY)}
    plan, gift = by_code["plan"].economics, by_code["gift"].economics
    kept = f"{gift.if_saved:,.2f}"
    assert format_gain(gift) == f"Expected gain ¥{gift.gain:,.2f}"
    assert format_gain_reason(gift) == (
        f"Of those about to leave 10% stay for it, and one who stays brings ¥{kept} over 36 months after what the offer"
        " costs. Each that accepts costs ¥6.00 once."
    )
    assert f"One who would stay anyway pays ¥{plan.given:,.2f} less over that time." in format_gain_reason(plan)
    loss = next(one for one in judged_for(subscriber_id=on_59(0.01).pk, on=TODAY) if one.offer.code == "plan")
    assert format_gain(loss.economics) == f"Expected loss ¥{-loss.economics.gain:,.2f}"
    assert (format_gain(None), format_gain_reason(None)) == ("", "")


def test_who_accepted_one_of_the_family_is_not_offered_it_again_on_any_line():
    line = make_line()
    other = make_subscriber(account=make_account(customer=line.account.customer))
    again = make_offer(code="again", repeat_months=6)
    make_offer(code="renew", kind="renewal", repeat_months=6)
    make_decision(line=line, offer=make_offer(code="first"))  # of the same family, the care gifts
    make_profile(subscriber=other)
    codes = [one.offer.code for one in eligible_for(subscriber_id=other.pk, on=TODAY)]
    assert (again.code in codes, "renew" in codes, "first" in codes) == (False, True, True)
    found = next(one for one in judged_for(subscriber_id=other.pk, on=TODAY) if one.offer == again)
    assert found.reasons == ("The customer accepted one of this family on 20 Nov 2026: not again before 20 May 2027.",)
    later = months_later(TODAY, 6)
    assert again.code not in [
        one.offer.code for one in eligible_for(subscriber_id=other.pk, on=later - timedelta(days=1))
    ]
    assert again.code in [one.offer.code for one in eligible_for(subscriber_id=other.pk, on=later)]


def test_what_billing_refused_was_not_given_and_may_be_offered_again():
    line, offer = make_line(), make_offer(repeat_months=6)
    decision = make_decision(line=line, offer=offer)
    assert eligible_for(subscriber_id=line.pk, on=TODAY) == []
    refuse(decision_id=str(decision.public_id), client=make_client().client, reason="no", now=NOW)
    assert [one.offer for one in eligible_for(subscriber_id=line.pk, on=TODAY)] == [offer]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)), (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)), (date(2026, 1, 15), 24, date(2028, 1, 15)),
    ],
)  # fmt: skip
def test_months_end_with_their_last_day(day, months, later):
    assert months_later(day, months) == later
    assert accepted_lately(day, months=months, on=later - timedelta(days=1))
    assert accepted_lately(day, months=months, on=later) == ""
    assert accepted_lately(day, months=0, on=day) == accepted_lately(None, months=6, on=day) == ""


def test_a_decision_keeps_to_what_the_customer_is_bound():
    offer = make_offer(family="deposit_gift", deposit=Decimal(100), bound_months=12, clawback=Decimal(50))
    decision = make_decision(offer=offer)
    assert decision.terms["family"] == "deposit_gift"
    assert {name: decision.terms[name] for name in ("deposit", "bound_months", "clawback")} == {
        "deposit": "100.00", "bound_months": 12, "clawback": "50.00",
    }  # fmt: skip
    assert Decision.objects.get().offer.kind == "gift"


def test_the_page_of_a_line_shows_the_best_three_and_the_others_behind_more(client, branches, offers):
    line = on_59(0.5, branch=branches.city)
    for place in range(3):
        make_offer(code=f"more{place}", name=f"Small {place}", value=place, cost=50 + place)
    client.force_login(make_user(role="manager", branch=branches.city))
    text = client.get(reverse("customers:detail", args=[line.subscriber_no])).content.decode()
    assert "3 more offers" in text
    before, _more, after = text.partition("3 more offers")
    assert "Small 2" not in before.rpartition("Offers for this customer")[2]
    assert "Small 2" in after


def test_an_offer_that_is_barred_cannot_be_proposed_whoever_sends_it(offers):
    line = on_59(0.9)
    make_offer(code="dear", kind="plan_change", plan=make_plan(monthly_fee=8), value=0, cost=0)
    with pytest.raises(Invalid, match="It pays for no customer like this"):
        propose(order_no="W1", subscriber=line, offer_code="dear", actor=make_user(role="agent"), now=NOW)
