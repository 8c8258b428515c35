"""Whom a campaign is for: the five sources, its draw by household, its funnel, and what changes its digest."""

from datetime import timedelta

import pytest

from campaigns.campaigns.models import Audience
from campaigns.campaigns.queries.audiences import audience_lines, by_risk, digest_of
from campaigns.campaigns.queries.funnels import CampaignFunnel, campaign_funnel
from campaigns.campaigns.services.holdouts import assign_universal_holdout, set_universal_holdout
from campaigns.outreach.models import HeldOut
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.nightly import run_scenarios
from customers.cohorts.models import CohortMember
from customers.facts.models import Customer
from customers.lists.models import OwnList
from retention.core.errors import Invalid, Refused
from retention.core.managed.services import create
from tests.campaigns.campaigns.rows import make_campaign
from tests.campaigns.cohorts.rows import make_cohort
from tests.campaigns.offers.rows import make_offer
from tests.campaigns.rows import ask, make_line, make_scenario, rule
from tests.factories import NOW, TODAY, make_list_entry

pytestmark = pytest.mark.django_db


def found(**given) -> set[int]:
    return set(audience_lines(make_campaign(**given)).values_list("pk", flat=True))


def test_a_rule_finds_its_lines():
    rich = make_line(arpu=90)
    make_line(arpu=20)
    assert found() == {rich.pk}


def test_a_list_and_a_rule_together_narrow_the_audience():
    listed, poor = make_line(arpu=90), make_line(arpu=20)
    make_line(arpu=90)
    for line in (listed, poor):
        make_list_entry(customer=Customer.objects.get(pk=line.customer_id), kind="red_list")
    assert found(audience=Audience.LIST, audience_key="red_list", rule={}) == {listed.pk, poor.pk}
    assert found(audience=Audience.LIST, audience_key="red_list") == {listed.pk}


def test_what_a_scenario_puts_on_an_own_list_is_the_audience_of_a_campaign(mia):
    create(model=OwnList, actor=mia, code="save-them", values={"name": "Save them", "effect": "mark"})
    make_scenario(action=Scenario.Action.ADD_TO_LIST, order_type="", list_kind="save-them", list_days=30)
    fell, steady = make_line(), make_line(bill_change=0)
    run_scenarios(as_of=TODAY, now=NOW)
    assert found(audience=Audience.LIST, audience_key="save-them", rule={}) == {fell.pk} != {steady.pk}


def test_a_frozen_cohort_gives_its_members_who_are_still_of_the_same_customer():
    line, other = make_line(), make_line()
    cohort = make_cohort(frozen_on=TODAY, members=2, enabled=True)
    for one, customer in ((line, line.customer_id), (other, line.customer_id)):
        CohortMember.objects.create(
            cohort=cohort, subscriber_id=one.pk, customer_id=customer, branch_id=one.branch_id, phone_number="1",
            value_band="mid", base_revenue=80,
        )  # fmt: skip
    assert found(audience=Audience.COHORT, audience_key=cohort.code, rule={}) == {line.pk}


def test_the_warning_list_gives_those_that_pay():
    pays = make_line(risk_tier="high", expected_gain=20)
    make_line(risk_tier="high", expected_gain=-2)
    make_line(risk_tier="low", expected_gain=20)
    assert found(audience=Audience.PAYING, rule={}) == {pays.pk}
    assert by_risk(make_campaign(audience=Audience.PAYING, rule={}))
    assert not by_risk(make_campaign())


def test_a_segment_gives_its_lines(segmentation):
    inside = make_line(segment=segmentation)
    make_line(segment="")
    assert found(audience=Audience.SEGMENT, audience_key=segmentation, rule={}) == {inside.pk}


@pytest.fixture
def segmentation():
    """The code of a cell."""
    from campaigns.segments.models import Segmentation
    from campaigns.segments.services.installation import install_segmentations

    install_segmentations()
    matrix = Segmentation.objects.in_use()[0].matrix
    return matrix.codes("stability")[0]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rule": {}}, "rule"),
        ({"audience": Audience.LIST, "audience_key": "nowhere"}, "audience_key"),
        ({"audience": Audience.COHORT, "audience_key": "nowhere"}, "audience_key"),
        ({"audience": Audience.SEGMENT, "audience_key": "nowhere"}, "audience_key"),
    ],
)
def test_a_source_that_is_not_there_is_refused(given, field):
    with pytest.raises(Invalid) as error:
        audience_lines(make_campaign(**given))
    assert error.value.details[0]["field"] == field


def test_the_funnel_counts_each_customer_in_one_place(branches):
    campaign = make_campaign(branch=branches.city, control_percent=0, purpose="retention")
    first = make_line(branch=branches.city, expected_gain=30)
    make_line(customer=Customer.objects.get(pk=first.customer_id), expected_gain=5)  # a second line of the customer
    make_line(branch=branches.other)
    universal, elsewhere, blocked = (make_line(branch=branches.outlet) for _ in range(3))
    HeldOut.objects.create(customer_id=universal.customer_id, origin="universal", since=TODAY)
    HeldOut.objects.create(customer_id=elsewhere.customer_id, origin="campaign:x", purpose="retention", since=TODAY)
    make_list_entry(customer=Customer.objects.get(pk=blocked.customer_id), kind="blacklist")
    funnel = campaign_funnel(campaign, now=NOW)
    assert (funnel.matched, funnel.lines, funnel.customers) == (6, 5, 4)
    assert (funnel.universal, funnel.elsewhere, funnel.opted_out) == (1, 1, 0)
    assert (funnel.control, funnel.treated, funnel.refused) == (0, 2, {"blacklisted": 1})
    assert (funnel.contacted, funnel.contacts, funnel.gain) == (1, {"mobile": 1}, 30)
    assert funnel.samples[0] == first.pk
    assert CampaignFunnel.from_json(funnel.as_json()) == funnel


def test_who_opted_out_of_profiling_is_left_out_where_risk_chooses():
    line = make_line(risk_tier="high", expected_gain=20, profiling_opt_out=True)
    assert line.profiling_opt_out
    funnel = campaign_funnel(make_campaign(audience=Audience.PAYING, rule={}), now=NOW)
    assert (funnel.opted_out, funnel.members) == (1, 0)
    assert campaign_funnel(make_campaign(), now=NOW).members == 1


def test_a_change_of_rule_offers_or_cohort_changes_the_digest():
    offer = make_offer()
    campaign = make_campaign(offer_codes=[offer.code])
    before = digest_of(campaign)
    assert digest_of(campaign) == before
    offer.version += 1
    offer.save()
    changed = digest_of(campaign)
    assert changed != before
    campaign.rule = rule(ask("arpu", ">=", 81))
    assert digest_of(campaign) != changed
    cohort = make_cohort(frozen_on=TODAY, members=1, enabled=True)
    frozen = make_campaign(audience=Audience.COHORT, audience_key=cohort.code, rule={})
    before = digest_of(frozen)
    cohort.members = 2
    cohort.save()
    assert digest_of(frozen) != before


def test_the_universal_holdout_is_stored_nested_and_has_a_history(ada, mia):
    for _ in range(200):
        make_line()
    small = {"per_mille": 100, "salt": "s", "starts_on": TODAY, "note": "", "now": NOW}
    with pytest.raises(Refused):
        set_universal_holdout(actor=mia, **small)
    set_universal_holdout(actor=ada, **small)
    few = set(HeldOut.objects.values_list("customer_id", flat=True))
    assert 5 <= len(few) <= 40
    assert assign_universal_holdout(on=TODAY) == 0
    set_universal_holdout(actor=ada, **small | {"per_mille": 200})
    more = set(HeldOut.objects.values_list("customer_id", flat=True))
    assert few < more
    later = TODAY + timedelta(days=3)
    set_universal_holdout(actor=ada, **small | {"per_mille": 0, "starts_on": later})
    assert HeldOut.objects.count() == len(more)
    assign_universal_holdout(on=later)
    assert HeldOut.objects.count() == 0
    with pytest.raises(Invalid):
        set_universal_holdout(actor=ada, **small | {"per_mille": 201})
    with pytest.raises(Invalid):
        set_universal_holdout(actor=ada, **small | {"starts_on": TODAY - timedelta(days=1)})
