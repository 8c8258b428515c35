"""The result of a campaign from its members and the facts, and its page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.evaluation.charts import group_chart
from analytics.evaluation.queries.groups import Dimension, arms_by_group
from analytics.evaluation.queries.members import Followed
from analytics.evaluation.rules.verdicts import Verdict
from analytics.evaluation.services.results import result_of
from analytics.evaluation.text.results import format_result
from campaigns.campaigns.models import CampaignMember
from campaigns.campaigns.states import Arm, MemberState, State
from campaigns.outreach.models import Contamination
from customers.contacts.models import ContactRecord
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.roles import Role
from tests.campaigns.campaigns.rows import make_campaign, make_member
from tests.campaigns.offers.rows import make_offer
from tests.campaigns.rows import make_line
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_bill,
    make_contact,
    make_customer,
    make_profile,
    make_subscriber,
    make_team,
    make_user,
    number,
)
from tests.workorders.rows import make_orders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
CONTROL, TREATED = Arm.CONTROL, Arm.TREATED


def joined(campaign, *, arm=TREATED, days_ago=95, left_after=None, ended="voluntary", line=None, **given):
    """A member whose wave began so long ago, that left after so many days."""
    line = line or make_line()
    on = TODAY - timedelta(days=days_ago)
    states = {} if arm == CONTROL else {"state": MemberState.OPENED}
    member = make_member(campaign=campaign, line=line, arm=arm, launched_on=on, **states | given)
    if left_after is not None:
        Subscriber.objects.filter(pk=line.pk).update(
            status="terminated", terminated_on=on + timedelta(days=left_after), termination_reason=ended
        )
    return member


@pytest.fixture
def campaign():
    return make_campaign(state=State.MEASURING, control_percent=50, code="autumn", contact_cost=Decimal(6))


@pytest.fixture
def admin():
    return make_user(role=Role.ADMINISTRATOR)


@pytest.fixture
def crowd(branches):
    """Makes many members at once: crowd(campaign, arm, number, left=...)."""
    customer = make_customer(branch=branches.outlet)
    account = make_account(customer=customer)
    model = make_subscriber(account=account, branch=branches.outlet)

    def make(campaign, arm, count, *, left=0, days_ago=95, branch=None, wave=1, **given):
        branch, on = branch or branches.outlet, TODAY - timedelta(days=days_ago)
        fields = {
            field.attname: getattr(model, field.attname) for field in Subscriber._meta.concrete_fields
            if field.attname not in ("id", "subscriber_no", "phone_number")
        }  # fmt: skip
        fields |= {"branch_id": branch.pk}
        gone = {"status": "terminated", "terminated_on": on + timedelta(days=20), "termination_reason": "port_out"}
        lines = Subscriber.objects.bulk_create(
            Subscriber(subscriber_no=number("S"), phone_number=number("1"), **fields | (gone if place < left else {}))
            for place in range(count)
        )
        state = MemberState.LEFT_ALONE if arm == CONTROL else MemberState.OPENED
        base = CampaignMember.objects.count() + 10_000
        fields = {
            "campaign": campaign, "branch": branch, "arm": arm, "wave": wave, "arpu": Decimal(100), "state": state,
            "launched_on": on,
        } | given  # fmt: skip
        return CampaignMember.objects.bulk_create(
            CampaignMember(subscriber=line, customer_id=base + place, **fields) for place, line in enumerate(lines)
        )

    return make


def result(campaign, user, known=TODAY):
    return result_of(campaign=campaign, user=user, known=known)


def counts(found, measure="left"):
    return {
        one.days: tuple((arm.members, arm.events) for arm in (one.comparison.treated, one.comparison.control))
        for one in found.windows
        if one.measure == measure
    }


def test_members_count_in_the_windows_that_are_over(campaign, admin):
    joined(campaign, left_after=30)
    joined(campaign, left_after=31)
    joined(campaign, left_after=91)
    joined(campaign, left_after=5, ended="arrears")
    joined(campaign, arm=CONTROL, left_after=60)
    joined(campaign, arm=CONTROL, days_ago=45, wave=2)
    joined(campaign, days_ago=29, left_after=3, wave=3)
    found = result(campaign, admin)
    assert counts(found) == {30: ((4, 1), (2, 0)), 60: ((4, 2), (1, 1)), 90: ((4, 2), (1, 1))}
    assert (found.headline.treated.members, found.headline.treated.events) == (5, 3)  # so far, within 90 days
    assert found.standing.ends_on == TODAY - timedelta(days=29) + timedelta(days=90) and not found.standing.is_over


def test_both_arms_are_followed_from_the_first_day_of_their_wave(campaign, admin):
    joined(campaign, days_ago=40)
    joined(campaign, days_ago=20, left_after=2)  # its order came later; the wave is the same
    joined(campaign, arm=CONTROL, days_ago=40, left_after=30)
    joined(campaign, arm=CONTROL, days_ago=40, left_after=-1)  # had left before: in neither arm
    assert counts(result(campaign, admin))[30] == ((2, 1), (1, 1))


def test_what_the_facts_do_not_know_yet_does_not_count(campaign, admin):
    joined(campaign, days_ago=40, left_after=35)
    joined(campaign, arm=CONTROL, days_ago=40)
    assert counts(result(campaign, admin, known=TODAY - timedelta(days=8)))[30] == ((1, 0), (1, 0))
    before = result(campaign, admin, known=TODAY - timedelta(days=50))
    assert before.headline.verdict == Verdict.TOO_EARLY and before.days == []


def test_a_campaign_that_works_harms_or_shows_nothing(campaign, admin, crowd):
    crowd(campaign, TREATED, 600, left=30)
    crowd(campaign, CONTROL, 600, left=72)
    found = result(campaign, admin)
    assert found.standing.is_over and found.headline.verdict == Verdict.HELPS
    # Difference -7 points; saves 600 x .07 = 42; nothing spent.
    assert found.saved.saves == pytest.approx(42)
    assert found.headline.bounds[0] < found.headline.estimate.low  # 96 % at the end
    assert found.saved.low == pytest.approx(-600 * found.headline.bounds[1])
    assert found.members == (600, 600) and found.ratio_p == 1
    bad = make_campaign(state=State.RUNNING, control_percent=50)
    crowd(bad, TREATED, 600, left=110, days_ago=50)
    crowd(bad, CONTROL, 600, left=20, days_ago=50)
    found = result(bad, admin)
    assert not found.standing.is_over and found.headline.verdict == Verdict.HARMS  # early, against the harder bound
    assert found.saved.saves < 0 and found.saved.cost_per_save is None


def test_early_the_same_difference_is_not_yet_shown(admin, crowd):
    counted = {}
    for days_ago in (60, 95):
        one = make_campaign(state=State.MEASURING, control_percent=50)
        crowd(one, TREATED, 600, left=40, days_ago=days_ago)
        crowd(one, CONTROL, 600, left=65, days_ago=days_ago)
        counted[days_ago] = result(one, admin).headline
    assert (counted[60].verdict, counted[95].verdict) == (Verdict.NOT_SHOWN, Verdict.HELPS)
    assert counted[60].more > 0
    early, final = (format_result(counted[60], is_over=over, ends_on=TODAY) for over in (False, True))
    assert "Not yet: a difference this large needs" in early
    assert "Not yet" not in final and "would have needed" in final and "This is final" in final


def test_arms_that_were_not_drawn_so_show_nothing(campaign, admin, crowd):
    crowd(campaign, TREATED, 300, left=3)
    crowd(campaign, CONTROL, 150, left=30)
    found = result(campaign, admin)
    assert found.headline.verdict == Verdict.UNEVEN and found.headline.estimate is None
    assert (found.days, found.groups, found.saved) == ([], {}, None)
    assert found.ratio_p < 0.001


def test_the_effect_over_time_ends_with_the_verdict(campaign, admin, crowd):
    crowd(campaign, TREATED, 600, left=30)
    crowd(campaign, CONTROL, 600, left=72)
    days = result(campaign, admin).days
    assert [day.on for day in days] == [TODAY - timedelta(days=95), TODAY - timedelta(days=75)]
    assert days[0].difference is None  # nobody had left
    assert days[-1].difference == pytest.approx(-0.07)
    assert (days[-1].low, days[-1].high) == result(campaign, admin).headline.bounds


def test_groups_are_corrected_for_their_number(campaign, admin, crowd, branches):
    for branch, left in ((branches.outlet, 20), (branches.other, 60)):
        crowd(campaign, TREATED, 400, left=left, branch=branch, segment="a", risk_decile=1)
        crowd(campaign, CONTROL, 400, left=60, branch=branch, segment="a", risk_decile=1)
    groups = result(campaign, admin).groups
    assert groups[Dimension.SEGMENT] == groups[Dimension.RISK] == []  # one group is no comparison of groups
    by_name = {one.name: one for one in groups[Dimension.BRANCH]}
    helped, other = by_name[str(branches.city)], by_name[str(branches.other)]
    assert (helped.verdict, other.verdict) == (Verdict.HELPS, Verdict.NOT_SHOWN)
    chart = group_chart("By branch", groups[Dimension.BRANCH])
    at = chart["x"].index(helped.name)
    (row,) = chart["series"]
    assert (row["values"][at], row["low"][at] > 0) == (pytest.approx(0.1), True)  # what it kept lies right of zero
    assert helped.p == pytest.approx(2 * helped.comparison.estimate.p) and other.p == pytest.approx(1)


def test_members_belong_to_the_agent_group_of_their_branch_which_is_looked_up_once(campaign, admin, crowd, branches):
    makers = {branch: make_team(branch=branch) for branch in (branches.outlet, branches.other)}
    for branch, team in makers.items():
        treated = crowd(campaign, TREATED, 40, branch=branch)
        crowd(campaign, CONTROL, 30, branch=branch)
        for member, order in zip(treated, make_orders(3, team=team), strict=False):
            CampaignMember.objects.filter(pk=member.pk).update(order_no=order.order_no)
    with CaptureQueriesContext(connection) as asked:
        found = arms_by_group(Followed.of(campaign, None, TODAY), Dimension.TEAM)
    expected = {str(team.pk): (40, 30) for team in makers.values()}
    assert {key: (treated.members, control.members) for key, (treated, control) in found.items()} == expected
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + next(one["sql"] for one in asked if "worked" in one["sql"]))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "CTE worked" in plan and "SubPlan" not in plan  # 200,000 members took hours


def test_drawn_offers_are_each_compared_with_the_whole_control(campaign, admin, crowd, client):
    for code in ("bad", "good"):
        make_offer(code=code, name=code.title())
    campaign.offer_codes, campaign.control_percent = ["bad", "good"], 33
    campaign.save()
    crowd(campaign, TREATED, 600, left=20, offer_code="good")
    crowd(campaign, TREATED, 600, left=66, offer_code="bad")
    crowd(campaign, CONTROL, 600, left=72)
    make_profile()  # a night has run
    assert Dimension.OFFER not in result(campaign, admin).groups  # agents chose them
    client.force_login(admin)
    unseen = client.get("/campaigns/autumn/result/").content.decode()
    assert "What came of it" in unseen and "By drawn offer" not in unseen
    campaign.draw_offers = True
    campaign.save()
    by_name = {one.name: one for one in result(campaign, admin).groups[Dimension.OFFER]}
    good, bad = by_name["Good"], by_name["Bad"]
    assert {(one.comparison.control.members, one.comparison.control.events) for one in (good, bad)} == {(600, 72)}
    assert (good.comparison.treated.events, bad.comparison.treated.events) == (20, 66)
    assert (good.verdict, bad.verdict) == (Verdict.HELPS, Verdict.NOT_SHOWN)
    assert good.p == pytest.approx(2 * good.comparison.estimate.p)
    shown = client.get("/campaigns/autumn/result/").content.decode()
    assert "By drawn offer" in shown and "compared with the whole control" in shown


def test_control_members_who_were_contacted_are_counted(campaign, admin):
    member = joined(campaign, arm=CONTROL, days_ago=40)
    other = joined(campaign, arm=CONTROL, days_ago=40)
    treated = joined(campaign, days_ago=40)
    midnight = clock.midnight(member.launched_on)
    for at in (midnight, midnight + timedelta(days=3), midnight - timedelta(seconds=1)):
        make_contact(customer=member.customer, subscriber=member.subscriber, at=at, source="scenario:S13")
    make_contact(customer=other.customer, subscriber=other.subscriber, at=midnight, state=ContactRecord.State.REFUSED)
    make_contact(customer=treated.customer, subscriber=treated.subscriber, at=NOW)
    Contamination.objects.create(
        customer=other.customer, origin="campaign:autumn", purpose="retention", at=NOW, reason="asked for"
    )
    found = result(campaign, admin).contacted
    assert (found.members, found.by_source, found.by_hand) == (1, [("scenario:S13", 1, 2)], 1)


def test_acceptance_and_costs(campaign, admin):
    order_no = number("W")
    member = joined(campaign, days_ago=40, order_no=order_no)
    alone = joined(campaign, arm=CONTROL, days_ago=40)
    for line, order, after in ((member, order_no, 3), (alone, number("W"), 35)):
        line.subscriber.decisions.create(
            order_no=order, branch_id=line.branch_id, offer=make_offer(), offer_version=1, terms={"cost": "60.50"},
            state="accepted", proposed_at=NOW, accepted_at=clock.midnight(line.launched_on) + timedelta(days=after),
        )  # fmt: skip
    make_contact(customer=member.customer, subscriber=member.subscriber, at=NOW, order_no=order_no)
    make_contact(customer=member.customer, subscriber=member.subscriber, at=NOW, source="campaign:autumn")
    make_contact(customer=alone.customer, subscriber=alone.subscriber, at=NOW)
    found = result(campaign, admin)
    assert counts(found, "accepted")[30] == ((1, 1), (1, 0))
    assert (found.costs.contacts, found.costs.taken, found.costs.spent) == (2, 1, pytest.approx(12 + 60.5))
    assert found.costs.worth > 100  # months of the margin of 100 yuan


def test_an_offer_for_which_the_customer_pays_more_costs_nothing(campaign, admin):
    order_no = number("W")
    member = joined(campaign, days_ago=40, order_no=order_no)
    member.subscriber.decisions.create(
        order_no=order_no, branch_id=member.branch_id, offer=make_offer(), offer_version=1, terms={"cost": "-480.00"},
        state="accepted", proposed_at=NOW, accepted_at=clock.midnight(member.launched_on) + timedelta(days=3),
    )  # fmt: skip
    costs = result(campaign, admin).costs
    assert (costs.taken, costs.spent) == (1, 0)


def test_spend_counts_whole_months_that_are_billed_and_leavers_pay_nothing(campaign, admin):
    paid = {TREATED: (60, 80, None), CONTROL: (50, 50, 20)}
    first = date(2026, 9, 1)
    on = (TODAY - date(2026, 8, 20)).days
    for arm, totals in paid.items():
        for total in totals:
            member = joined(campaign, arm=arm, days_ago=on)
            if total is not None:
                for month in (first, date(2026, 10, 1), date(2026, 8, 1)):
                    make_bill(subscriber=member.subscriber, month=month, total=Decimal(total))
    spend = {one.days: one.comparison for one in result(campaign, admin).windows if one.measure == "spend"}
    means = {days: (one.treated.members, one.treated.mean, one.control.mean) for days, one in spend.items()}
    assert means[30] == (3, pytest.approx(140 / 3), pytest.approx(40))
    assert means[60] == (3, pytest.approx(280 / 3), pytest.approx(80))
    assert means[90][0] == 0  # November is not billed


def test_a_branch_sees_its_own_members_and_both_arms(campaign, crowd, branches):
    crowd(campaign, TREATED, 40, left=5)
    crowd(campaign, CONTROL, 40, left=5)
    crowd(campaign, TREATED, 30, branch=branches.other)
    for role in (Role.MANAGER, Role.SUPERVISOR):
        seen = result(campaign, make_user(role=role, branch=branches.city))
        assert seen.members == (40, 40)
    assert result(campaign, make_user(role=Role.MANAGER, branch=None)).members == (0, 0)


def body(client, code="autumn") -> str:
    response = client.get(f"/campaigns/{code}/result/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def measured(campaign, crowd):
    make_profile(subscriber=make_subscriber(), as_of=TODAY)
    crowd(campaign, TREATED, 600, left=30)
    crowd(campaign, CONTROL, 600, left=72)
    return campaign


def test_the_page_in_both_languages(client, measured, admin):
    client.force_login(admin)
    text = body(client)
    assert "It keeps lines: 5.00% of the treated left, 12.00% of the control, −7.00 pp (" in text
    assert "This is final: the days of everybody are over." in text
    assert "Incremental saves" in text and "Effect on leaving, as it was known each day" in text
    assert "No member of the control was contacted by anybody." in text
    client.cookies["django_language"] = "zh-hans"
    text = body(client)
    assert "维系组离网5.00%" in text and "对照组12.00%" in text
    assert "It keeps" not in text and "Treated" not in text


def test_the_page_of_the_campaign_has_the_verdict_and_leads_to_the_result(client, measured, admin):
    client.force_login(admin)
    text = " ".join(client.get("/campaigns/autumn/").content.decode().split())
    assert "It keeps lines: 5.00% of the treated left, 12.00% of the control" in text
    assert 'href="/campaigns/autumn/result/"' in text
    make_campaign(code="draft-2")
    assert "/campaigns/draft-2/result/" not in client.get("/campaigns/draft-2/").content.decode()


def test_the_page_of_a_draft_says_that_there_is_nothing_yet(client, admin):
    make_campaign(code="draft-1")
    client.force_login(admin)
    assert "There is nothing to measure yet" in body(client, "draft-1")


def test_a_campaign_of_another_branch_is_not_there(client, branches, campaign):
    campaign.branch = branches.other
    campaign.save()
    client.force_login(make_user(role=Role.MANAGER, branch=branches.outlet))
    assert client.get("/campaigns/autumn/result/").status_code == 404
    client.force_login(make_user(role=Role.AGENT, branch=branches.other))
    assert client.get("/campaigns/autumn/result/").status_code == 403


def test_the_number_of_statements_does_not_grow(measured, crowd, admin, branches, django_assert_max_num_queries):
    with django_assert_max_num_queries(32):
        result(measured, admin)
    crowd(measured, TREATED, 50, branch=branches.other, wave=2, days_ago=30)
    crowd(measured, CONTROL, 50, branch=branches.other, wave=2, days_ago=30)
    with django_assert_max_num_queries(32):
        result(measured, admin)


def test_branches_are_those_right_below_the_persons_own(campaign, admin, crowd, branches):
    crowd(campaign, TREATED, 40, left=4, branch=branches.outlet)
    crowd(campaign, CONTROL, 40, left=8, branch=branches.outlet)
    crowd(campaign, TREATED, 40, left=4, branch=branches.city)
    crowd(campaign, CONTROL, 40, left=8, branch=branches.other)
    manager = make_user(role="manager", branch=branches.province)
    found = {one.name: one.comparison for one in result(campaign, manager).groups[Dimension.BRANCH]}
    assert set(found) == {str(branches.city), str(branches.other)}
    assert (found[str(branches.city)].treated.members, found[str(branches.city)].control.members) == (80, 40)
