"""The life of a campaign as a table, and what the database holds of it."""

import pytest
from django.db import IntegrityError, transaction

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.states import CHANGEABLE, FROZEN_STATES, MOVES, Arm, MemberState, Move, State, moves_from
from retention.core.errors import Invalid
from retention.core.managed import services as managed
from tests.campaigns.campaigns.rows import RICH, make_campaign, make_member
from tests.campaigns.rows import ask, make_line, rule
from tests.factories import TODAY


def reachable(start: State) -> set[State]:
    seen, left = set(), [start]
    while left:
        state = left.pop()
        if state not in seen:
            seen.add(state)
            left += [MOVES[move].to for move in moves_from(state)]
    return seen


def test_every_state_is_reached_from_a_draft_and_every_one_ends_in_the_archive():
    assert reachable(State.DRAFT) == set(State)
    assert all(State.ARCHIVED in reachable(state) for state in State)


def test_nothing_is_contacted_without_approval_and_freezing():
    """Every way from a draft to running leads over submitted, approved and frozen."""
    for missing in (State.SUBMITTED, State.APPROVED, State.FROZEN):
        seen, left = set(), [State.DRAFT]
        while left:
            state = left.pop()
            if state not in seen and state != missing:
                seen.add(state)
                left += [MOVES[move].to for move in moves_from(state)]
        assert State.RUNNING not in seen


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (State.DRAFT, [Move.TEST]),
        (State.TEST, [Move.TEST, Move.SUBMIT]),
        (State.SUBMITTED, [Move.APPROVE, Move.SEND_BACK]),
        (State.APPROVED, [Move.SEND_BACK, Move.FREEZE]),
        (State.FROZEN, [Move.THAW, Move.LAUNCH]),
        (State.RUNNING, [Move.PAUSE, Move.STOP, Move.FINISH]),
        (State.PAUSED, [Move.RESUME, Move.STOP]),
        (State.MEASURING, [Move.EVALUATE]),
        (State.EVALUATED, [Move.ARCHIVE]),
        (State.ARCHIVED, []),
    ],
)
def test_the_moves_of_each_state(state: State, moves: list[Move]):
    assert moves_from(state) == moves


def test_a_state_is_either_open_to_change_or_frozen():
    assert {*CHANGEABLE, *FROZEN_STATES} == set(State)
    assert not {*CHANGEABLE} & {*FROZEN_STATES}


@pytest.mark.django_db
def test_a_change_of_what_was_approved_makes_a_draft_of_it(mia, ada):
    campaign = make_campaign(state=State.APPROVED, approved_by=ada, author=mia, submitted_by=mia, tested_version=1)
    other = rule(ask("arpu", ">=", 120))
    changed = managed.update(model=Campaign, actor=mia, code=campaign.code, version=1, values={"rule": other})
    assert (changed.state, changed.version, changed.author) == (State.DRAFT, 2, mia)
    assert (changed.approved_by, changed.submitted_by, changed.tested_version) == (None, None, None)


@pytest.mark.django_db
def test_what_the_frozen_members_go_by_does_not_change(mia):
    campaign = make_campaign(state=State.RUNNING)
    with pytest.raises(Invalid) as error:
        managed.update(model=Campaign, actor=mia, code=campaign.code, version=1, values={"control_percent": 20})
    assert error.value.code == "frozen"
    changed = managed.update(model=Campaign, actor=mia, code=campaign.code, version=1, values={"daily_cap": 50})
    assert (changed.daily_cap, changed.state, changed.version) == (50, State.RUNNING, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"offer_codes": ["NOWHERE"]}, "offer_codes", "unknown"),
        ({"ends_on": TODAY.replace(year=2020)}, "ends_on", "before_start"),
    ],
)
def test_what_cannot_be_is_refused(mia, values, field, code):
    campaign = make_campaign()
    with pytest.raises(Invalid) as error:
        managed.update(model=Campaign, actor=mia, code=campaign.code, version=1, values=values)
    (detail,) = error.value.details
    assert (detail["field"], detail["code"]) == (field, code)


@pytest.mark.django_db
def test_a_copy_is_a_draft_with_the_same_audience_and_its_own_draw(mia, ada):
    source = make_campaign(state=State.ARCHIVED, approved_by=ada, code="spring", salt="spring", lessons="Too late.")
    copied = managed.copy(model=Campaign, actor=mia, code="spring", new_code="autumn", values={"name": "Autumn"})
    assert (copied.state, copied.rule, copied.lessons) == (State.DRAFT, RICH, "")
    assert (copied.salt, copied.owner, copied.approved_by) == ("autumn", mia, None)
    assert source.salt == "spring"


@pytest.mark.django_db
def test_the_database_refuses_approval_by_the_author(ada):
    with pytest.raises(IntegrityError, match="campaign_approved_by_another"), transaction.atomic():
        make_campaign(state=State.APPROVED, approved_by=ada, author=ada)
    with pytest.raises(IntegrityError, match="campaign_approved_by_another"), transaction.atomic():
        Campaign.objects.create(code="x", starts_on=TODAY, ends_on=TODAY, state=State.RUNNING)


@pytest.mark.django_db
def test_the_database_refuses_a_control_that_is_contacted_and_a_customer_in_two_arms():
    campaign, line = make_campaign(), make_line()
    with pytest.raises(IntegrityError, match="campaign_control_left_alone"), transaction.atomic():
        make_member(campaign=campaign, line=line, arm=Arm.CONTROL, state=MemberState.OPENED)
    make_member(campaign=campaign, line=line)
    twin = make_line(customer=line.customer)
    with pytest.raises(IntegrityError, match="campaign_customer_once"), transaction.atomic():
        make_member(campaign=campaign, line=twin, arm=Arm.CONTROL)


@pytest.mark.django_db
def test_who_sees_which_members(mia, lin, ada, sam, ana, branches):
    campaign = make_campaign()
    inside, outside = make_line(branch=branches.outlet), make_line(branch=branches.other)
    for line in (inside, outside):
        make_member(campaign=campaign, line=line)
    seen = {user.username: CampaignMember.objects.visible_to(user).count() for user in (mia, lin, ada)}
    assert seen == {"mia": 2, "lin": 2, "ada": 2}
    city = make_member(campaign=make_campaign(branch=branches.city), line=inside)
    mia.branch = branches.city
    mia.save()
    assert set(CampaignMember.objects.visible_to(mia)) == {
        city,
        CampaignMember.objects.get(campaign=campaign, subscriber_id=inside.pk),
    }
    assert CampaignMember.objects.visible_to(sam).count() == 0  # no customer is granted to the group
