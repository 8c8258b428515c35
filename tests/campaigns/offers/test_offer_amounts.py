"""What an offer is worth and costs over its term, from the tariffs; and why it may not be made."""

from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.offers.models import Decision, Offer
from campaigns.offers.queries.eligible import eligible_by_plan
from campaigns.offers.queries.matching import eligible_for, judged_for
from campaigns.offers.serializers import serialize_decision
from campaigns.offers.tariffs import amounts
from campaigns.offers.text import format_cost, format_worth
from retention.core.errors import Invalid
from retention.core.managed.services import create
from tests.campaigns.offers.rows import make_decision, make_line, make_offer
from tests.campaigns.rows import ask, rule
from tests.factories import TODAY, make_customer, make_plan, make_policy, make_user

pytestmark = pytest.mark.django_db


def judged(line, offer):
    found = judged_for(subscriber_id=line.pk, on=TODAY)
    return next(one for one in found if one.offer == offer)


def change_to(fee, **given):
    given.setdefault("plan", make_plan(monthly_fee=Decimal(fee)))
    return make_offer(**{"kind": "plan_change", "value": 0, "cost": 0} | given)


def line_on(fee, **given):
    return make_line(plan=make_plan(monthly_fee=Decimal(fee), **given.pop("plan", {})), **given)


@pytest.mark.parametrize(
    ("today", "new", "months", "monthly", "total"),
    [(159, 8, 12, 151, 1812), (159, 8, 24, 151, 3624), (59, 99, 12, -40, -480), (59, 59, 12, 0, 0)],
)
def test_a_plan_change_costs_what_the_customer_saves_over_the_term(today, new, months, monthly, total):
    found = judged(line_on(today), change_to(new, months=months)).amounts
    assert (found.months, found.monthly, found.worth, found.cost) == (months, monthly, total, total)


def test_one_off_amounts_and_the_gift_of_a_policy_are_added_once():
    change = change_to(8, value=Decimal("30"), cost=Decimal("12.50"))
    found = judged(line_on(159), change).amounts
    assert (found.worth, found.cost) == (Decimal("1842.00"), Decimal("1824.50"))
    renewal = make_offer(kind="renewal", policy=make_policy(months=24, gift_value=300), value=0, cost=Decimal("15"))
    found = judged(line_on(159), renewal).amounts
    assert (found.months, found.monthly, found.worth, found.cost) == (24, 0, 300, 315)


@pytest.mark.parametrize(
    ("today", "worth", "cost"),
    [
        (159, "saves ¥151.00 a month, worth ¥1,812.00 over 12 months", "costs us ¥1,812.00 over 12 months"),
        (3, "¥5.00 more a month, for 12 months", "brings us ¥60.00 over 12 months"),
    ],
)
def test_the_amounts_in_words(today, worth, cost):
    found = amounts(change_to(8), fee=Decimal(today))
    assert (format_worth(found), format_cost(found)) == (worth, cost)


def test_without_a_score_the_most_valuable_to_this_customer_comes_first():
    small, big = make_offer(value=500), change_to(100)
    order = [one.offer for one in eligible_for(subscriber_id=line_on(159).pk, on=TODAY)]
    assert order == [big, small]  # 708 against 500
    order = [one.offer for one in eligible_for(subscriber_id=line_on(119).pk, on=TODAY)]
    assert order == [small, big]  # 228


FIRM = {"kind": "enterprise"}


@pytest.mark.parametrize(
    ("kind", "market", "reason"),
    [
        ("enterprise", "consumer", "A consumer plan is not sold to an enterprise or a government office."),
        ("government", "consumer", "A consumer plan is not sold to an enterprise or a government office."),
        ("individual", "business", "A business plan is not sold to a private customer."),
        ("enterprise", "business", ""),
        ("enterprise", "all", ""),
        ("individual", "all", ""),
    ],
)
def test_a_plan_is_offered_to_the_market_it_is_sold_to(kind, market, reason):
    line = line_on(159, customer=make_customer(kind=kind))
    offer = change_to(100, plan=make_plan(monthly_fee=100, market=market))
    assert judged(line, offer).reasons == ((reason,) if reason else ())
    listed = eligible_by_plan(offer=offer, user=make_user(role="administrator"))
    assert sum(group.lines for group in listed) == (0 if reason else 1)  # the same answer for the whole base


def test_each_reason_is_said(branches):
    line = make_line(branch=branches.city, profile_arpu=Decimal("50"))
    assert judged(line, change_to(8, plan=line.plan)).reasons == ("The customer has this plan already.",)
    assert judged(line, change_to(8, plan=make_plan(line_type="broadband"))).reasons == (
        "The plan is for another type of line: Broadband.",
    )
    assert judged(line, make_offer(branch=branches.other)).reasons == (f"It is made only at {branches.other}.",)
    both = rule(ask("arpu", ">=", 80), ask("status", "=", "active"))
    assert judged(line, make_offer(rule=both)).reasons == ("Not met: At least 80 yuan a month.",)


def test_the_lines_that_may_be_made_it_are_counted_by_their_plan(branches):
    rich, poor = (make_plan(name=f"{fee} a month", monthly_fee=fee) for fee in (159, 19))
    offer = change_to(8)
    for plan in (rich, rich, poor, offer.plan):
        make_line(plan=plan, branch=branches.city)
    make_line(plan=rich, branch=branches.city, customer=make_customer(branch=branches.city, **FIRM))
    make_line(plan=rich, branch=branches.other)
    manager = make_user(role="manager", branch=branches.city)
    found = eligible_by_plan(offer=offer, user=manager)
    assert [(one.plan, one.lines, one.amounts.cost) for one in found] == [
        ("159 a month", 2, 1812), ("19 a month", 1, 132),
    ]  # fmt: skip


def test_the_page_says_what_it_costs_on_average(client, branches):
    offer = change_to(8)
    for fee in (159, 19):
        line_on(fee, branch=branches.city)
    client.force_login(make_user(role="manager", branch=branches.city))
    text = client.get(reverse("offers:offer-eligible", args=[offer.code])).content.decode()
    assert "2 lines may be made this offer now" in text
    assert "¥972.00" in text  # (1,812 + 132) / 2
    page = client.get(reverse("offers:offer", args=[offer.code])).content.decode()
    assert reverse("offers:offer-eligible", args=[offer.code]) in page


def test_a_decision_keeps_the_amounts_and_billing_is_not_told_the_cost():
    make_decision(line=line_on(159), offer=change_to(149, cost=Decimal("10")))
    decision = Decision.objects.get()
    assert (decision.terms["value"], decision.terms["cost"], decision.terms["months"]) == ("120.00", "130.00", 12)
    told = serialize_decision(Decision.objects.for_billing().get())["offer"]["terms"]
    assert told["value"] == "120.00"
    assert "cost" not in told


@pytest.mark.parametrize("months", [0, 61, None])
def test_a_plan_change_needs_a_term(months):
    values = {
        "family": "plan_change",
        "plan": make_plan(),
        "months": months,
        "rule": rule(ask("status", "=", "active")),
    }
    with pytest.raises(Invalid) as refused:
        create(model=Offer, actor=make_user(role="administrator"), code="change", values={"name": "Change"} | values)
    assert refused.value.details[0]["field"] == "months"


def test_the_customers_page_says_what_may_be_offered_and_why_not(client, branches):
    line = line_on(159, branch=branches.city)
    change_to(100, name="Saver plan")
    change_to(8, plan=line.plan, name="His own")
    client.force_login(make_user(role="manager", branch=branches.city))
    text = client.get(reverse("customers:detail", args=[line.subscriber_no])).content.decode()
    assert "saves ¥59.00 a month, worth ¥708.00 over 12 months" in text
    assert "costs us ¥708.00 over 12 months" in text
    assert "The customer has this plan already." in text
