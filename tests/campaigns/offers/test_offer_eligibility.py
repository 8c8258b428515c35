"""Who may be made which offer."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.offers.defaults import OFFERS
from campaigns.offers.models import Offer
from campaigns.offers.queries.eligible import eligible_by_plan, offers_to_leavers
from campaigns.offers.queries.matching import eligible_for
from campaigns.offers.rules import parse_offer_rule
from campaigns.offers.services.installation import install_offers
from customers.profile.models import SubscriberProfile
from retention.core.accounts.roles import Role
from retention.core.errors import Invalid
from retention.core.managed.services import update
from tests.campaigns.offers.rows import make_line, make_offer
from tests.campaigns.rows import ask, make_leaver, rule
from tests.factories import TODAY, make_plan, make_policy, make_subscriber, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def codes(line, on=TODAY):
    return [found.offer.code for found in eligible_for(subscriber_id=line.pk, on=on)]


def test_the_rule_decides_and_the_most_valuable_comes_first():
    line = make_line(profile_arpu=Decimal("120"))
    small = make_offer(code="small", value=10)
    big = make_offer(code="big", value=90, rule=rule(ask("arpu", ">=", 100)))
    make_offer(code="not-his", rule=rule(ask("arpu", "<", 100)))
    assert codes(line) == [big.code, small.code]


def test_a_line_without_a_profile_is_eligible_for_nothing():
    make_offer()
    assert codes(make_subscriber()) == []


def test_offers_that_are_off_or_out_of_their_dates_are_not_made():
    line = make_line()
    make_offer(enabled=False)
    make_offer(valid_until=TODAY - DAY)
    make_offer(valid_from=TODAY + DAY)
    make_offer(kind="renewal", policy=make_policy(ends_on=TODAY - DAY))
    make_offer(kind="plan_change", plan=make_plan(on_sale_until=TODAY - DAY))
    last_day = make_offer(code="last-day", valid_from=TODAY, valid_until=TODAY)
    assert codes(line) == [last_day.code]


def test_a_plan_must_be_of_the_lines_type_and_not_its_own():
    line = make_line()
    make_offer(kind="plan_change", plan=line.plan)
    make_offer(kind="plan_change", plan=make_plan(line_type="broadband"))
    other = make_offer(kind="plan_change", plan=make_plan())
    assert codes(line) == [other.code]


def test_an_offer_of_a_branch_is_made_there_and_below(branches):
    make_offer(code="of-city", branch=branches.city)
    assert codes(make_line(branch=branches.outlet)) == ["of-city"]
    assert codes(make_line(branch=branches.other)) == []


def test_all_rules_are_judged_by_one_statement(django_assert_num_queries):
    line = make_line()
    for _offer in range(12):
        make_offer()
    # The offers, the line, the operator's own fields, the profile, pools, offers accepted; its value, four assumptions.
    with django_assert_num_queries(11):
        assert len(eligible_for(subscriber_id=line.pk, on=TODAY)) == 12


def test_an_offer_whose_rule_broke_passes_nobody_and_the_others_go_on():
    line = make_line()
    make_offer(rule=rule(ask("attributes.withdrawn", "=", "x")))
    whole = make_offer(code="whole")
    assert codes(line) == [whole.code]


@pytest.mark.parametrize("key", ["risk_probability", "risk_decile", "risk_tier", "expected_gain"])
def test_the_risk_of_leaving_may_not_decide_about_terms(key):
    condition = ask(key, "in", ["high"]) if key == "risk_tier" else ask(key, ">=", 1)
    with pytest.raises(Invalid, match="may decide who is called, not what is offered") as refused:
        parse_offer_rule(rule(ask("status", "=", "active"), rule(condition)))
    assert refused.value.details[0]["field"] == key
    assert refused.value.details[0]["path"] == "rules[1].rules[0]"


def test_the_shipped_offers_find_the_operators_own_policies_and_plans():
    long, short = make_policy(months=36), make_policy(months=12)
    make_policy(months=48, ends_on=TODAY - DAY)
    cheap, roomy = make_plan(monthly_fee=19, data_mb=1000), make_plan(monthly_fee=99, data_mb=50_000)
    make_plan(monthly_fee=59, data_mb=10_000)
    assert install_offers(on=TODAY) == 14
    found = {offer.code: offer for offer in Offer.objects.all()}
    assert (found["renew-long"].policy, found["renew-short"].policy) == (long, short)
    assert (found["plan-saver"].plan, found["plan-roomy"].plan) == (cheap, roomy)
    assert all(one.enabled and one.built_in and one.name_zh and one.pitch_zh for one in found.values())
    assert found["gift-data"].gift_zh


def test_without_a_catalogue_they_wait_switched_off_and_are_completed_later():
    install_offers(on=TODAY)
    assert {offer.code for offer in Offer.objects.filter(enabled=True)} == set(GIFTS)
    Offer.objects.filter(code="gift-data").update(enabled=False)
    policy = make_policy(months=24)
    assert install_offers(on=TODAY) == 0
    assert Offer.objects.get(code="renew-long").policy == policy
    assert Offer.objects.get(code="renew-long").enabled
    assert not Offer.objects.get(code="renew-short").policy  # the same policy twice would be no choice
    assert not Offer.objects.get(code="gift-data").enabled  # as the manager left it


def test_offers_from_before_get_the_settings_that_ship_since_and_what_a_manager_set_stays():
    make_policy(months=36), make_policy(months=12)
    install_offers(on=TODAY)
    Offer.objects.update(repeat_months=0, handling_cost=0)
    ada = make_user(role=Role.ADMINISTRATOR)
    update(model=Offer, actor=ada, code="gift-data", version=1, values={"name": "Data for you"})
    assert install_offers(on=TODAY) == 0
    found = {one.code: one for one in Offer.objects.all()}
    shipped = {one["code"]: one for one in OFFERS}
    assert found.keys() == shipped.keys()
    for code, offer in found.items():
        row = {} if code == "gift-data" else shipped[code]
        expected = (row.get("repeat_months", 0), Decimal(row.get("handling_cost", 0)))
        assert (offer.repeat_months, offer.handling_cost) == expected, code
    assert (found["renew-long"].repeat_months, found["renew-long"].version) == (6, 1)


GIFTS = [
    "gift-data", "gift-credit", "deposit-gift", "bonus-points", "offpeak-minutes", "prize-draw", "business-year",
    "network-age", "partner-video", "welcome-back",
]  # fmt: skip
FOUND = [
    ("renew-long", {"contract_days_left": 90}),
    ("renew-short", {"contract_days_left": None, "tenure_months": 6.0}),
    ("plan-roomy", {"over_fee_share": 0.2}),
    ("plan-saver", {"data_used_share": 0.5, "voice_used_share": 0.1}),
    ("gift-data", {"tenure_months": 6.0}),
    ("gift-credit", {"complaints_90d": 1}),
    ("deposit-gift", {"tenure_months": 6.0, "in_contract": False}),
    ("bonus-points", {"tenure_months": 12.0, "points": 1}),
    ("offpeak-minutes", {"voice_used_share": 0.7}),
    ("prize-draw", {"tenure_months": 3.0}),
    ("business-year", {"customer_kind": "enterprise", "lines_of_customer": 20, "vas_count": 1}),
    ("network-age", {"tenure_months": 60.0}),
    ("partner-video", {"data_used_share": 0.5}),
]
QUIET = {"tenure_months": 1.0, "contract_days_left": 300, "over_fee_share": 0.0, "data_used_share": 0.4}


@pytest.mark.parametrize(("code", "facts"), FOUND)
def test_each_shipped_offer_is_for_whom_it_is_meant(code, facts):
    make_policy(months=36), make_policy(months=12)
    make_plan(monthly_fee=49, data_mb=1000), make_plan(monthly_fee=99, data_mb=50_000), make_plan(data_mb=10_000)
    install_offers(on=TODAY)
    line = make_line()
    SubscriberProfile.objects.filter(pk=line.pk).update(**QUIET)
    assert code not in codes(line)
    SubscriberProfile.objects.filter(pk=line.pk).update(**facts)
    assert code in codes(line)


@pytest.mark.parametrize(("score", "eligible"), [(50, True), (49, False), (None, True)])
def test_a_long_contract_is_for_accounts_that_pay_and_for_those_not_rated_yet(score, eligible):
    make_policy(months=36), make_policy(months=12)
    install_offers(on=TODAY)
    line = make_line()
    facts = QUIET | {"contract_days_left": 90, "credit_score": score}
    SubscriberProfile.objects.filter(pk=line.pk).update(**facts)
    assert ("renew-long" in codes(line)) is eligible


def test_lines_that_left_are_made_the_offers_whose_conditions_they_meet():
    left, long_gone, ada = make_leaver(), make_leaver(days_since_left=100), make_user(role=Role.ADMINISTRATOR)
    back = make_offer(code="back", rule=rule(ask("days_since_left", "<=", 60)))
    make_offer(code="in-use", rule=rule(ask("status", "!=", "terminated")))
    found = offers_to_leavers(subscriber_ids=[left.pk, long_gone.pk], on=TODAY)
    assert {line: [one.code for one in offers] for line, offers in found.items()} == {
        left.pk: ["back"], long_gone.pk: []
    }  # fmt: skip
    assert codes(left.subscriber) == ["back"]
    assert codes(make_line()) == ["in-use"]
    assert sum(group.lines for group in eligible_by_plan(offer=back, user=ada)) == 1
