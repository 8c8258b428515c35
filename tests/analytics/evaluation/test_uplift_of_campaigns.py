"""Whom a contact helps, from members of our own campaigns to rules, the page of a line and the page of the contest."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from analytics.evaluation.models import ContestState, UpliftContest, UpliftScore
from analytics.evaluation.queries.uplift import measured_campaigns, members_as_frozen
from analytics.evaluation.services import uplift
from analytics.evaluation.services.campaign_tests import record_campaign_tests
from analytics.evaluation.uplift.preparation import thinned
from analytics.valuation.models import Experiment
from analytics.valuation.services import withdraw_experiment
from campaigns.audiences.rules import audience
from campaigns.campaigns.models import CampaignMember
from campaigns.campaigns.states import Arm, MemberState, State
from customers.facts.models import Subscriber
from customers.profile.models import ProfileSnapshot
from retention.core.accounts.roles import Role
from retention.core.db import partitioned_tables
from tests.campaigns.campaigns.rows import make_campaign
from tests.campaigns.rows import ask, rule
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_customer,
    make_profile,
    make_subscriber,
    make_user,
    number,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
FROZEN = TODAY - timedelta(days=100)
MONTH_END = FROZEN.replace(day=1) - timedelta(days=1)
# Share that leaves in 90 days, (alone, contacted): a contact keeps the new ones and wakes the old ones.
LEAVES = {10: (0.30, 0.08), 100: (0.05, 0.20)}


@pytest.fixture
def campaign(branches):
    """campaign(members, leaves): a measured call campaign, half control, half new lines and half old ones."""
    account = make_account(customer=make_customer(branch=branches.outlet))
    model = make_subscriber(account=account, branch=branches.outlet)
    fields = {
        field.attname: getattr(model, field.attname) for field in Subscriber._meta.concrete_fields
        if field.attname not in ("id", "subscriber_no", "phone_number")
    }  # fmt: skip
    partitioned_tables.ensure_partitions(ProfileSnapshot._meta.db_table, [MONTH_END])

    def make(members, leaves, code="spring"):
        random = np.random.default_rng(members)
        on = TODAY - timedelta(days=95)
        one = make_campaign(
            code=code, state=State.EVALUATED, control_percent=50, starts_on=on, ends_on=on, frozen_on=FROZEN,
        )  # fmt: skip
        tenures = [(10, 100)[place % 2] for place in range(members)]
        arms = [(Arm.TREATED, Arm.CONTROL)[place // 2 % 2] for place in range(members)]
        left = [random.random() < leaves[tenure][arm == Arm.TREATED] for tenure, arm in zip(tenures, arms, strict=True)]
        gone = {"status": "terminated", "terminated_on": on + timedelta(days=30), "termination_reason": "voluntary"}
        lines = Subscriber.objects.bulk_create(
            Subscriber(
                **fields | {"subscriber_no": number("S"), "phone_number": number("1")} | (gone if leaver else {})
            )
            for leaver in left
        )
        ProfileSnapshot.objects.bulk_create(
            ProfileSnapshot(subscriber=line, as_of=MONTH_END, tenure_months=tenure, arpu=Decimal(80))
            for line, tenure in zip(lines, tenures, strict=True)
        )
        base = CampaignMember.objects.count() + 50_000
        CampaignMember.objects.bulk_create(
            CampaignMember(
                campaign=one, subscriber=line, customer_id=base + place, branch=branches.outlet, arm=arm,
                launched_on=on, arpu=Decimal(80), expected_gain=Decimal(place % 97),
                state=MemberState.LEFT_ALONE if arm == Arm.CONTROL else MemberState.OPENED,
            )
            for place, (line, arm) in enumerate(zip(lines, arms, strict=True))
        )  # fmt: skip
        assert record_campaign_tests(as_of=TODAY, now=NOW) == 1
        return one

    return make


@pytest.fixture
def lines():
    """A new and an old line in use that are scored, and one that is not."""
    new, old = (make_profile(tenure_months=months, arpu=Decimal(80), risk_probability=0.1) for months in (10, 100))
    return new, old, make_profile(tenure_months=10, arpu=Decimal(80))


def held():
    return uplift.ensure_uplift(as_of=TODAY, now=NOW)


def test_it_wins_where_a_contact_helps_some_and_wakes_others(campaign, lines, client, mia):
    campaign(4_000, LEAVES)
    contest = held()
    assert contest.state == ContestState.WON
    assert contest.figures["wins"] >= 4 and contest.figures["uplift"] > contest.figures["usual"]
    assert contest.figures["policy_uplift"] > contest.figures["policy_usual"]
    assert contest.figures["asleep"]["high"] < 0  # and those said to be woken were
    assert held() is None  # the same campaigns: the next night learns nothing new
    assert uplift.score_uplift(as_of=TODAY) == uplift.score_uplift(as_of=TODAY) == 2
    new, old, unscored = lines
    gains = {row.pk: row for row in UpliftScore.objects.all()}
    assert gains[new.pk].gain > 0.1 and gains[new.pk].helps
    assert gains[old.pk].gain < -0.05 and not gains[old.pk].helps
    assert set(audience(rule(ask("contact_helps", "=", True)))) == {new}
    assert set(audience(rule(ask("do_not_wake", "=", True)))) == {old}
    assert set(audience(rule(ask("do_not_wake", "=", False)))) == {new, unscored}

    client.force_login(mia)
    page = client.get("/churn/uplift/").text
    assert "beats risk × value" in page and "That confirms it" in page
    client.force_login(make_user(role=Role.ADMINISTRATOR))
    assert "Do not wake: a contact is expected" in client.get(f"/customers/{old.subscriber.subscriber_no}/").text


def test_a_withdrawn_campaign_takes_its_model_away(campaign, lines, mia):
    campaign(4_000, LEAVES)
    held()
    uplift.score_uplift(as_of=TODAY)
    assert UpliftScore.objects.count() == 2
    withdraw_experiment(actor=mia, pk=Experiment.objects.get().pk, now=NOW)
    assert held().state == ContestState.TOO_FEW
    assert uplift.score_uplift(as_of=TODAY) == 0 and not UpliftScore.objects.exists()


def test_it_is_not_used_where_contacts_change_nothing(campaign, lines, client, mia):
    campaign(2_000, {10: (0.30, 0.30), 100: (0.05, 0.05)})
    contest = held()
    assert (contest.state, contest.artefact) == (ContestState.LOST, None)
    assert uplift.score_uplift(as_of=TODAY) == 0
    client.force_login(mia)
    assert "does not beat risk × value" in client.get("/churn/uplift/").text


def test_too_few_leavers_are_said_with_how_many_are_needed(campaign, client, mia):
    campaign(200, {10: (0.20, 0.10), 100: (0.05, 0.05)})
    contest = held()
    assert contest.state == ContestState.TOO_FEW and contest.members == 200
    client.force_login(mia)
    page = client.get("/churn/uplift/").text
    assert "Too few to learn whom a contact helps: of 200 members (100 of them control)" in page
    assert "each arm needs 40." in page and "more control members" in page


def test_without_a_measured_campaign_the_page_says_what_it_needs(client, mia):
    assert held() is None and not UpliftContest.objects.exists()
    client.force_login(mia)
    assert "No campaign is measured yet" in client.get("/churn/uplift/").text


def test_members_are_known_as_they_were_before_the_freezing(campaign):
    one = campaign(200, LEAVES)
    member = one.members.order_by("pk").first()
    partitioned_tables.ensure_partitions(ProfileSnapshot._meta.db_table, [TODAY])
    ProfileSnapshot.objects.create(subscriber=member.subscriber, as_of=TODAY, tenure_months=999)
    found = members_as_frozen(measured_campaigns(), known=TODAY)
    assert len(found) == 200 and set(found["tenure_months"]) == {10.0, 100.0}
    assert set(found["worth"]) == {80.0} and found["risk_probability"].isna().all()
    assert (~found["stayed"]).sum() == Subscriber.objects.filter(terminated_on__isnull=False).count()


def test_campaigns_are_brought_to_one_share_of_treated():
    campaign = np.repeat([1, 2], [1_000, 1_000])
    treated = np.concatenate([np.arange(1_000) < 900, np.arange(1_000) < 500])
    kept = thinned(campaign, treated)
    shares = [treated[kept][campaign[kept] == one].mean() for one in (1, 2)]
    assert shares == pytest.approx([0.7, 0.7], abs=0.01)
    assert len(kept) == len(set(kept)) and 900 < len(kept) < 2_000
