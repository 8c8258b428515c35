"""The economics of an offer over all months: computed by hand, and with what the valuation and the tariffs know."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest

from analytics.offer_values.queries import CurrentValues
from analytics.plan_fit.rules import PlanChange
from analytics.valuation.models import Treatment, ValueTerms
from analytics.valuation.rules.economics import LINE_TYPES
from campaigns.offers.economics import LineValue, value_offer
from campaigns.offers.families import Kind
from campaigns.offers.queries.matching import judged_for
from campaigns.offers.tariffs import Amounts, amounts, clawback_due
from campaigns.offers.text import format_binding, format_gain_reason
from customers.fields.cohorts import COHORTS
from tests.campaigns.offers.rows import make_line, make_offer
from tests.factories import TODAY, make_customer, make_plan, make_policy, make_usage_month

# Three months: a saved line is half gone after the first, any other loses a tenth, then a ninth.
LINE = LineValue(
    chance=0.4, spend=100.0, margin=0.5, saved=[1.0, 0.5, 0.25], usual=[1.0, 0.9, 0.8],
    save_rate={"plan_change": 0.25, "gift": 0.2, "renewal": 0.3},
    acceptance={"plan_change": 0.5, "gift": 0.6, "renewal": 0.5},
    weight={"plan_change": 40, "gift": 40, "renewal": 40},
)  # fmt: skip


def plan_change(monthly, one_off=0, plan=7):
    terms = SimpleNamespace(plan=SimpleNamespace(pk=plan), policy=None, asked=0, taken=0)
    found = Amounts(12, Decimal(monthly), Decimal(0), Decimal(0), Decimal(one_off))
    return terms, found


def value(offer, kind, found, line=LINE):
    return value_offer(offer, kind=kind, amounts=found, line=line)


def test_a_plan_change_by_hand():
    """Margin 50 a month, of which 20 are given away: 30 x 1.75 = 52.5 kept, 20 x 2.7 = 54 given to who stays anyway.

    0.4 x 0.25 x 52.5 - 0.6 x 0.5 x 54 - 0.5 x 10 = 5.25 - 16.2 - 5 = -15.95
    """
    found = value(*_with(plan_change(20, one_off=10)))
    assert (found.kept, found.given, found.one_off) == (52.5, 54.0, 10.0)
    assert found.gain == pytest.approx(-15.95)
    assert found.if_saved == 42.5
    assert [one.total for one in found.months] == [20.0, 35.0, 42.5]
    assert [one.saved for one in found.months] == [20.0, 20.0, 20.0]


def _with(pair):
    offer, found = pair
    return offer, Kind.PLAN_CHANGE, found


def test_a_gift_by_hand():
    """0.4 x 0.2 x 87.5 - 0.6 x 6 = 7 - 3.6 = 3.4"""
    gift = SimpleNamespace(plan=None, policy=None, asked=0, taken=0)
    found = value(gift, Kind.GIFT, Amounts(0, Decimal(0), Decimal(30), Decimal(6), Decimal(6)))
    assert (found.kept, found.given, found.if_saved) == (87.5, 0.0, 81.5)
    assert found.gain == pytest.approx(3.4)


def test_the_answers_of_customers_move_both_rates():
    """60 answers, none accepts: a = (0 + 40 x 0.6) / (60 + 40) = 0.24, and s = 0.2 x 0.24 / 0.6 = 0.08.

    0.4 x 0.08 x 87.5 - 0.24 x 6 = 2.8 - 1.44 = 1.36; had all 60 accepted, a = 0.84 and s = 0.28.
    """
    money = Amounts(0, Decimal(0), Decimal(30), Decimal(6), Decimal(6))
    never = value(SimpleNamespace(plan=None, policy=None, asked=60, taken=0), Kind.GIFT, money)
    assert (never.acceptance, never.save_rate) == (pytest.approx(0.24), pytest.approx(0.08))
    assert never.gain == pytest.approx(1.36)
    always = value(SimpleNamespace(plan=None, policy=None, asked=60, taken=60), Kind.GIFT, money)
    assert (always.acceptance, always.save_rate) == (pytest.approx(0.84), pytest.approx(0.28))


def test_a_dearer_plan_brings_from_who_would_stay_as_well():
    """60 x 1.75 = 105 kept, -10 x 2.7 = -27 given: 0.1 x 105 + 0.3 x 27 = 18.6"""
    found = value(*_with(plan_change(-10)))
    assert (found.kept, found.given) == (105.0, -27.0)
    assert found.gain == pytest.approx(18.6)


def test_what_the_use_costs_on_the_plan_goes_before_the_fee():
    rated = replace(LINE, rated={7: 5.0})
    assert value(*_with(plan_change(20)), line=rated).monthly == 5.0
    assert value(*_with(plan_change(20, plan=8)), line=rated).monthly == 20.0


def test_without_a_score_there_is_no_gain_and_all_else_stands():
    found = value(*_with(plan_change(20)), line=replace(LINE, chance=None))
    assert found.gain is None
    assert found.kept == 52.5


@pytest.mark.parametrize("chance", [None, 0.0, 0.01, 0.5, 1.0])
def test_whether_it_pays_for_anybody_does_not_depend_on_the_risk(chance):
    cheap, dear = plan_change(20), plan_change(51)  # 51 of a margin of 50
    assert value(*_with(cheap), line=replace(LINE, chance=chance)).pays
    assert not value(*_with(dear), line=replace(LINE, chance=chance)).pays


@pytest.mark.parametrize(
    ("served", "due"), [(0, "120.00"), (1, "110.00"), (7, "50.00"), (12, "0.00"), (30, "0.00"), (-1, "120.00")]
)
def test_the_claw_back_falls_with_the_months_served(served, due):
    assert clawback_due(clawback=Decimal(120), bound_months=12, served=served) == Decimal(due)


def test_nobody_bound_repays_nothing():
    assert clawback_due(clawback=Decimal(0), bound_months=0, served=0) == 0
    assert format_binding({}) == ""
    assert format_binding({"bound_months": 12, "clawback": "0"}) == "Bound for 12 months."
    assert format_binding({"bound_months": 12, "clawback": "50"}) == (
        "Bound for 12 months; who leaves before repays ¥50.00, less in proportion to the months served."
    )


def test_handling_and_the_gift_of_a_policy_are_spent_once():
    policy = SimpleNamespace(months=24, gift_value=Decimal(120))
    terms = SimpleNamespace(
        plan=None, policy=policy, months=12, value=Decimal(30), cost=Decimal(10), handling_cost=Decimal(3)
    )
    found = amounts(terms, fee=Decimal(59))
    assert (found.worth, found.cost, found.one_off, found.charged) == (150, 133, 133, 133)
    assert Amounts(12, Decimal(-5), Decimal(-60), Decimal(-60)).charged == 0


database = pytest.mark.django_db


def change_to(fee, **given):
    plan = make_plan(monthly_fee=Decimal(fee), **given)
    return make_offer(kind="plan_change", plan=plan, value=0, cost=0)


def judged(line, offer):
    return next(one for one in judged_for(subscriber_id=line.pk, on=TODAY) if one.offer == offer)


@database
def test_a_dear_line_on_a_cheap_plan_shows_its_loss_and_is_not_offered():
    """159 x 45 % = 71.55 of margin, of which 151 are given away: 79.45 lost in every month of 36, at no discount and
    with nobody leaving: 2,860.20."""
    ValueTerms.objects.create(discount_a_year=0, leaving_a_month=0, horizon_months=36)
    offer, line = change_to(8), make_line(plan=make_plan(monthly_fee=159))
    found = judged(line, offer)
    assert found.amounts.cost == 1812
    assert found.economics.if_saved == pytest.approx(-79.45 * 36)
    assert not found.is_eligible
    assert "costs ¥2,860.20 more than they bring over 36 months" in found.reasons[0]


@database
def test_a_firm_is_never_offered_a_consumer_plan_whatever_it_costs():
    firm = make_customer(kind="enterprise")
    line = make_line(customer=firm, plan=make_plan(monthly_fee=159, market="business"))
    for fee in (8, 158):
        found = judged(line, change_to(fee, market="consumer"))
        assert "A consumer plan is not sold to an enterprise or a government office." in found.reasons
        assert found.economics is not None


@database
def test_it_is_the_formula_of_plan_fit_without_the_contact():
    """The break-even chance of plan fit, at no cost of the contact, is where this gain is nothing."""
    ValueTerms.objects.create(contact_cost=0)
    Treatment.objects.create(kind="plan_change", save_rate=0.4, weight=40, enough=40, acceptance=0.3, offer_cost=0)
    line = CurrentValues().of_typical(line_type="mobile", tenure_months=20, spend=100.0, chance=None)
    change = PlanChange.current()
    chance = change.break_even(
        cost=np.array([100.0]), saving=np.array([10.0]), line_type=np.array([LINE_TYPES.index("mobile")]),
        cohort=np.array([COHORTS.index("over_12")]),
    )[0]  # fmt: skip
    found = value(*_with(plan_change(10)), line=replace(line, chance=float(chance)))
    assert found.gain == pytest.approx(0.0, abs=1e-4)


@database
@pytest.mark.usefixtures("standing_clock")
def test_plan_fit_feeds_the_plan_change():
    """60 minutes over at 0.20: on 300 minutes for 59 the use costs 71, on 400 for 65 it costs 65."""
    plan = make_plan(monthly_fee=59, voice_minutes=300, voice_rate=Decimal("0.2"), data_rate=0, sms_rate=0)
    bigger = make_plan(monthly_fee=65, voice_minutes=400, voice_rate=Decimal("0.2"), data_rate=0, sms_rate=0)
    line = make_line(plan=plan)
    for month in (8, 9, 10):
        make_usage_month(
            subscriber=line, month=TODAY.replace(month=month, day=1), voice_out_s=360 * 60, data_mb=0, sms_out=0
        )
    offer = make_offer(kind="plan_change", plan=bigger, value=0, cost=0)
    found = judged(line, offer)
    assert found.economics.is_rated
    assert found.economics.monthly == pytest.approx(6.0)
    assert found.amounts.monthly == -6  # by the fees alone it would cost the customer 6 more
    assert "the customer pays ¥6.00 a month less on this plan" in format_gain_reason(found.economics)


@database
def test_a_renewal_keeps_the_fee_and_costs_its_gift():
    offer = make_offer(kind="renewal", policy=make_policy(months=24, gift_value=Decimal(100)), cost=Decimal(5))
    found = judged(make_line(), offer)
    assert (found.economics.monthly, found.economics.one_off) == (0.0, 105.0)
