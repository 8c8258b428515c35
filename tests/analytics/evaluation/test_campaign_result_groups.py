"""The result of a campaign by branch, agent group and drawn offer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.evaluation.charts import group_chart
from analytics.evaluation.queries.groups import Dimension, arms_by_group
from analytics.evaluation.queries.members import Followed
from analytics.evaluation.rules.verdicts import Verdict
from campaigns.campaigns.models import CampaignMember
from tests.analytics.evaluation.members import CONTROL, TREATED, result
from tests.campaigns.offers.rows import make_offer
from tests.factories import TODAY, make_profile, make_team, make_user
from tests.workorders.rows import make_orders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


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


def test_branches_are_those_right_below_the_persons_own(campaign, admin, crowd, branches):
    crowd(campaign, TREATED, 40, left=4, branch=branches.outlet)
    crowd(campaign, CONTROL, 40, left=8, branch=branches.outlet)
    crowd(campaign, TREATED, 40, left=4, branch=branches.city)
    crowd(campaign, CONTROL, 40, left=8, branch=branches.other)
    manager = make_user(role="manager", branch=branches.province)
    found = {one.name: one.comparison for one in result(campaign, manager).groups[Dimension.BRANCH]}
    assert set(found) == {str(branches.city), str(branches.other)}
    assert (found[str(branches.city)].treated.members, found[str(branches.city)].control.members) == (80, 40)
