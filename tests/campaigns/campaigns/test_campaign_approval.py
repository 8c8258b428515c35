"""From draft to frozen: test, submit, approve by another person, and everything that is refused on the way."""

from decimal import Decimal

import pytest
from django.db import connection

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.queries.drawing import drawing_sql
from campaigns.campaigns.rules import CONTACT_LIMITS, over_limit
from campaigns.campaigns.services.approval import approve, send_back, submit, try_campaign
from campaigns.campaigns.services.freezing import freeze_audience, thaw_audience
from campaigns.campaigns.services.life import archive, possible_moves
from campaigns.campaigns.states import MemberState, Move, State
from campaigns.outreach.models import HeldOut
from customers.circles.models import Circle, CircleMember
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, Refused
from retention.core.managed import services as managed
from retention.core.managed.services import StaleVersion
from retention.core.notices.models import Notice
from tests.campaigns.campaigns.rows import make_campaign
from tests.campaigns.offers.rows import make_offer
from tests.campaigns.rows import ask, make_line, rule
from tests.factories import NOW, TODAY, make_user
from workorders.order_types.services import install_order_types

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def types(db):
    install_order_types()


@pytest.fixture
def base(branches):
    """Forty lines of which thirty are rich enough; the audience is more than a fifth of the base."""
    return [make_line(branch=branches.outlet, arpu=100 - number, expected_gain=number) for number in range(40)][:21]


def tried(mia, **given) -> Campaign:
    campaign = make_campaign(author=mia, **given)
    return try_campaign(actor=mia, code=campaign.code, version=1, now=NOW)


def submitted(mia, **given) -> Campaign:
    campaign = tried(mia, **given)
    return submit(actor=mia, code=campaign.code, version=1, number=21, now=NOW)


def frozen(mia, ada, **given) -> Campaign:
    campaign = submitted(mia, **given)
    approve(actor=ada, code=campaign.code, version=1)
    return freeze_audience(actor=mia, code=campaign.code, version=1, now=NOW)


def test_each_treated_member_has_one_of_the_offers_drawn(mia, ada, base):
    codes = [make_offer().code for _offer in range(2)]
    campaign = frozen(mia, ada, control_percent=30, offer_codes=codes, draw_offers=True)
    drawn = dict(campaign.members.treated().values_list("customer_id", "offer_code"))
    assert set(drawn.values()) == set(codes)
    assert set(campaign.members.controls().values_list("offer_code", flat=True)) == {""}
    # The same draw again gives the same offers; another seed gives others.
    thaw_audience(actor=mia, code=campaign.code, version=1)
    again = drawing_sql(campaign, as_of=TODAY, on=TODAY)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {again.ctes} SELECT customer_id, offer_code FROM drawn WHERE NOT is_control", again.params
        )
        assert dict(cursor.fetchall()) == drawn


def test_offers_are_drawn_only_where_somebody_asked_for_it_and_from_two_at_least(mia, ada, base):
    offer = make_offer()
    campaign = frozen(mia, ada, control_percent=30, offer_codes=[offer.code])
    assert set(campaign.members.values_list("offer_code", flat=True)) == {""}
    with pytest.raises(Invalid) as refused:
        managed.update(
            model=Campaign, actor=mia, code=make_campaign(author=mia, offer_codes=[offer.code]).code, version=1,
            values={"draw_offers": True},
        )  # fmt: skip
    assert refused.value.details[0]["field"] == "draw_offers"


def test_the_way_to_a_frozen_audience(mia, ada, base):
    campaign = frozen(mia, ada, control_percent=30)
    assert (campaign.state, campaign.approved_by, campaign.submitted_by) == (State.FROZEN, ada, mia)
    assert (campaign.members_count, campaign.frozen_on, campaign.enabled) == (21, TODAY, False)
    members = CampaignMember.objects.filter(campaign=campaign)
    controls = members.controls()
    assert members.count() == 21
    assert 1 <= controls.count() == campaign.controls_count <= 14
    assert {one.state for one in controls} == {MemberState.LEFT_ALONE}
    assert {one.state for one in members.treated()} == {MemberState.WAITING}
    held = HeldOut.objects.filter(origin=f"campaign:{campaign.code}")
    assert set(held.values_list("customer_id", flat=True)) == set(controls.values_list("customer_id", flat=True))
    assert {(one.purpose, one.since) for one in held} == {("retention", TODAY)}
    best = members.get(subscriber_id=base[20].pk)
    assert (best.expected_gain, best.arpu, best.branch_id) == (Decimal("20"), Decimal("80"), base[20].branch_id)
    moves = [one.detail["move"] for one in AuditEntry.objects.filter(action="campaign.change", detail__has_key="move")]
    assert set(moves) == {"test", "submit", "approve", "freeze"}


def test_waves_are_numbered_by_worth_and_hold_both_arms(mia, ada, base):
    campaign = frozen(mia, ada, control_percent=30, wave_size=5)
    members = CampaignMember.objects.filter(campaign=campaign)
    treated = list(members.treated().order_by("-expected_gain").values_list("wave", flat=True))
    assert treated == [number // 5 + 1 for number in range(len(treated))]
    assert campaign.waves == max(treated)
    assert {one.wave for one in members.controls()} <= set(treated)


def test_a_household_is_in_one_arm_and_the_draw_is_the_campaigns_own(mia, ada, base):
    home = Circle.objects.create(kind="household", since=TODAY)
    for line in base[:10]:
        CircleMember.objects.create(circle=home, subscriber_id=line.pk, since=TODAY)
    campaign = frozen(mia, ada, control_percent=50)
    members = CampaignMember.objects.filter(campaign=campaign, subscriber_id__in=[line.pk for line in base[:10]])
    assert len({one.arm for one in members}) == 1
    arms = dict(CampaignMember.objects.filter(campaign=campaign).values_list("subscriber_id", "arm"))
    HeldOut.objects.all().delete()
    other = frozen(mia, ada, control_percent=50, salt="winter")
    assert dict(CampaignMember.objects.filter(campaign=other).values_list("subscriber_id", "arm")) != arms
    HeldOut.objects.all().delete()
    again = frozen(mia, ada, control_percent=50)
    assert dict(CampaignMember.objects.filter(campaign=again).values_list("subscriber_id", "arm")) == arms


def test_who_is_held_out_elsewhere_is_no_member(mia, ada, base):
    HeldOut.objects.create(customer_id=base[0].customer_id, origin="universal", since=TODAY)
    HeldOut.objects.create(
        customer_id=base[1].customer_id, origin="campaign:other", purpose="retention", since=TODAY, until=TODAY
    )
    campaign = frozen(mia, ada)
    assert campaign.members_count == 19
    left = CampaignMember.objects.filter(campaign=campaign, subscriber_id__in=[base[0].pk, base[1].pk])
    assert not left.exists()


def test_the_author_does_not_approve_nor_who_submitted(mia, ada, base):
    campaign = submitted(mia)
    other = make_user(role="manager", branch=mia.branch)
    assert Move.APPROVE not in possible_moves(campaign, mia)
    assert Move.APPROVE in possible_moves(campaign, other)
    with pytest.raises(Refused) as error:
        approve(actor=mia, code=campaign.code, version=1)
    assert error.value.code == "own_work"
    assert approve(actor=other, code=campaign.code, version=1).approved_by == other


def test_approval_names_the_version_that_was_seen(mia, ada, base):
    campaign = submitted(mia)
    with pytest.raises(StaleVersion):
        approve(actor=ada, code=campaign.code, version=2)


def test_approval_after_the_audience_changed_is_refused(mia, ada, base):
    offer = make_offer(enabled=True)
    campaign = submitted(mia, offer_codes=[offer.code])
    offer.version += 1
    offer.save()
    with pytest.raises(Conflict) as error:
        approve(actor=ada, code=campaign.code, version=1)
    assert error.value.code == "audience_changed"


def test_a_change_after_approval_makes_a_draft_that_cannot_be_frozen(mia, ada, base):
    campaign = submitted(mia)
    approve(actor=ada, code=campaign.code, version=1)
    changed = {"rule": rule(ask("arpu", ">=", 90))}
    row = managed.update(model=Campaign, actor=mia, code=campaign.code, version=1, values=changed)
    assert row.state == State.DRAFT
    with pytest.raises(Conflict):
        freeze_audience(actor=mia, code=campaign.code, version=2, now=NOW)


def test_an_audience_that_grew_since_is_not_frozen(mia, ada, base, branches):
    campaign = submitted(mia, control_percent=0)
    approve(actor=ada, code=campaign.code, version=1)
    for _ in range(6):
        make_line(branch=branches.outlet, arpu=120)
    with pytest.raises(Conflict) as error:
        freeze_audience(actor=mia, code=campaign.code, version=1, now=NOW)
    assert error.value.code == "audience_grew"
    assert not CampaignMember.objects.exists()
    assert not HeldOut.objects.exists()


def test_an_empty_audience_does_not_pass_the_test(mia, base):
    campaign = make_campaign(author=mia, rule=rule(ask("arpu", ">=", 5000)))
    with pytest.raises(Invalid) as error:
        try_campaign(actor=mia, code=campaign.code, version=1, now=NOW)
    assert error.value.code == "catches_nobody"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"channel": "any"}, "channel"), ({"channel": "sms"}, "template"), ({"order_type": "nothing"}, "order_type")],
)
def test_what_nobody_can_carry_out_does_not_pass_the_test(mia, base, given, field):
    campaign = make_campaign(author=mia, **given)
    with pytest.raises(Invalid) as error:
        try_campaign(actor=mia, code=campaign.code, version=1, now=NOW)
    assert error.value.details[0]["field"] == field


def test_much_of_the_base_is_submitted_with_its_number_typed(mia, base):
    campaign = tried(mia)
    for number in (None, 20):
        with pytest.raises(Invalid) as error:
            submit(actor=mia, code=campaign.code, version=1, number=number, now=NOW)
        assert error.value.code == "type_the_number"
        assert "21 customers" in str(error.value)
    assert submit(actor=mia, code=campaign.code, version=1, number=21, now=NOW).state == State.SUBMITTED


def test_a_budget_that_the_contacts_exceed_is_refused(mia, base):
    campaign = tried(mia, budget=Decimal(100), contact_cost=Decimal(8), control_percent=0)
    with pytest.raises(Invalid) as error:
        submit(actor=mia, code=campaign.code, version=1, number=21, now=NOW)
    assert error.value.code == "too_small"


def test_the_other_deciders_are_told_and_send_it_back(mia, ada, base):
    other = make_user(role="manager", branch=mia.branch)
    campaign = submitted(mia)
    assert [one.person for one in Notice.objects.filter(message="campaign.submitted")] == [other]
    back = send_back(actor=other, code=campaign.code, version=1)
    assert (back.state, back.submitted_by, back.tested_version) == (State.DRAFT, None, None)


def test_a_manager_approves_up_to_a_limit():
    limit = CONTACT_LIMITS["manager"]
    assert over_limit(role="manager", contacts=limit, budget=None) == ""
    assert over_limit(role="manager", contacts=limit + 1, budget=None) == "contacts"
    assert over_limit(role="manager", contacts=1, budget=Decimal(500_001)) == "budget"
    assert over_limit(role="administrator", contacts=10**6, budget=Decimal(10**7)) == ""


def test_approval_beyond_the_limit_needs_an_administrator(mia, ada, base, monkeypatch):
    monkeypatch.setattr("campaigns.campaigns.services.approval.CONTACT_LIMITS", {"manager": 5})
    monkeypatch.setattr("campaigns.campaigns.rules.CONTACT_LIMITS", {"manager": 5})
    campaign = submitted(mia)
    other = make_user(role="manager", branch=mia.branch)
    with pytest.raises(Refused) as error:
        approve(actor=other, code=campaign.code, version=1)
    assert error.value.code == "over_limit"
    assert approve(actor=ada, code=campaign.code, version=1).state == State.APPROVED


def test_another_branch_and_another_role_decide_nothing(mia, base, branches, lin, sam):
    campaign = submitted(mia)
    stranger = make_user(role="manager", branch=branches.other)
    for actor in (stranger, lin, sam):
        with pytest.raises(Refused):
            approve(actor=actor, code=campaign.code, version=1)
        assert possible_moves(campaign, actor) == []


def test_a_frozen_audience_is_given_up_before_the_launch(mia, ada, base):
    campaign = frozen(mia, ada)
    back = thaw_audience(actor=mia, code=campaign.code, version=1)
    assert (back.state, back.members_count, back.approved_by) == (State.DRAFT, 0, None)
    assert not CampaignMember.objects.exists()
    assert not HeldOut.objects.exists()


def test_the_archive_keeps_what_was_learnt(mia, ada):
    campaign = make_campaign(state=State.EVALUATED, approved_by=ada)
    with pytest.raises(Invalid):
        archive(actor=mia, code=campaign.code, lessons="  ")
    assert archive(actor=mia, code=campaign.code, lessons="Call earlier. ").lessons == "Call earlier."
