"""The campaigns of the demo: one runs with its control group and has orders, one waits for approval."""

from datetime import timedelta

import pytest

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.states import Arm, State
from campaigns.offers.services.installation import install_offers
from retention.portal.services.demo_campaigns import IN_APPROVAL, RUNNING, run_demo_campaign, submit_demo_campaign
from tests.campaigns.rows import make_line
from tests.factories import TODAY, make_user
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder

pytestmark = pytest.mark.django_db
FIRST_DAY, SECOND_DAY = TODAY + timedelta(days=1), TODAY + timedelta(days=2)


@pytest.fixture
def base(branches):
    for role, name in (("manager", "manager"), ("administrator", "admin")):
        make_user(username=name, role=role, branch=branches.province)
    install_order_types()
    install_offers(on=TODAY)
    for _line in range(60):
        make_line(branch=branches.outlet, line_type="mobile", arpu=80, contract_days_left=30)
    for _line in range(200):
        make_line(branch=branches.outlet, line_type="mobile", arpu=10)


@pytest.mark.usefixtures("base")
def test_the_running_campaign_opens_its_orders_and_leaves_the_control_alone():
    opened = run_demo_campaign(day=FIRST_DAY)
    row = Campaign.objects.get(code=RUNNING)
    assert (row.state, row.approved_by.username, row.author.username) == (State.RUNNING, "admin", "manager")
    arms = {arm: CampaignMember.objects.filter(campaign=row, arm=arm).count() for arm in Arm.values}
    assert sum(arms.values()) == 60
    assert min(arms.values()) > 0
    assert opened == WorkOrder.objects.count() == min(arms[Arm.TREATED], row.daily_cap)
    controls = CampaignMember.objects.filter(arm=Arm.CONTROL)
    assert not WorkOrder.objects.filter(customer__in=controls.values("customer")).exists()
    run_demo_campaign(day=SECOND_DAY)
    assert WorkOrder.objects.count() == arms[Arm.TREATED]


@pytest.mark.usefixtures("base")
def test_the_other_campaign_waits_for_somebody_else():
    assert submit_demo_campaign(day=FIRST_DAY) == 1
    assert submit_demo_campaign(day=FIRST_DAY) == 0
    row = Campaign.objects.get(code=IN_APPROVAL)
    assert (row.state, row.submitted_by.username) == (State.SUBMITTED, "manager")
    assert row.test["customers"] == 60
