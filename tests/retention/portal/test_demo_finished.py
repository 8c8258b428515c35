"""The campaigns of the demo that are over: run in the past, what agents told whom decides who leaves afterwards."""

from datetime import date, timedelta
from typing import Any

import pytest

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.states import Arm, State
from campaigns.messages.models import Message, MessageTemplate
from campaigns.messages.services.installation import install_templates
from campaigns.messages.states import State as MessageState
from campaigns.offers.services.installation import install_offers
from retention.core.accounts.models import Branch
from retention.portal.services.demo_finished import (
    CALLED,
    MEASURED_DAYS,
    TEMPLATE,
    TEMPLATES_OF_CALLS,
    TEXTED,
    campaign_day,
    close_measurements,
    run_finished_campaigns,
    treatments,
)
from retention.portal.services.working_days import at_hour
from tests.factories import TODAY, make_account, make_customer, make_profile, make_subscriber, make_team, make_user
from workorders.order_types.services import install_order_types
from workorders.orders.models import Transition, WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(branches):
    for role, name in (("manager", "manager"), ("administrator", "admin")):
        make_user(username=name, role=role, branch=branches.province)
    team = make_team(branch=branches.province)
    for name in ("agent1", "agent2"):
        make_user(username=name, role="agent", branch=branches.province, teams=(team,))
    install_order_types()
    install_offers(on=TODAY)
    install_templates()
    for number in range(1, 31):
        make_line(number, branch=branches.outlet, forwarded_rival_recent=2)
    ends_on = TODAY + timedelta(days=20)
    for number in range(31, 71):
        make_line(number, branch=branches.outlet, contract_days_left=20, contract_ends_on=ends_on)


def make_line(number: int, *, branch: Branch, **profile: Any) -> None:
    customer = make_customer(branch=branch, name="李明", kind="individual")
    account = make_account(customer=customer)
    line = make_subscriber(account=account, branch=branch, subscriber_no=f"S{number:09}", line_type="mobile")
    make_profile(subscriber=line, arpu=80, line_type="mobile", **profile)


@pytest.mark.usefixtures("base")
def test_both_are_run_to_the_end_of_contacting_and_only_the_treated_hear_of_them():
    assert run_finished_campaigns(on=TODAY) > 0
    assert run_finished_campaigns(on=TODAY) == 0
    usable = set(MessageTemplate.objects.usable().values_list("code", flat=True))
    assert {TEMPLATE, *TEMPLATES_OF_CALLS} <= usable
    rows = {one.code: one for one in Campaign.objects.all()}
    assert {code: one.state for code, one in rows.items()} == {CALLED: State.MEASURING, TEXTED: State.MEASURING}
    assert all(one.approved_by.username == "admin" for one in rows.values())
    control = CampaignMember.objects.filter(arm=Arm.CONTROL)
    assert control.exists()
    assert not WorkOrder.objects.filter(customer__in=control.values("customer")).exists()
    sent = Message.objects.filter(origin_key=TEXTED)
    assert sent.count() == rows[TEXTED].treated_count
    assert set(sent.values_list("state", flat=True)) == {MessageState.DELIVERED, MessageState.FAILED}


@pytest.mark.usefixtures("base")
def test_only_who_was_reached_by_telephone_is_treated():
    run_finished_campaigns(on=TODAY)
    reached = Transition.objects.filter(disposition__reached=True)
    lines = {int(number[1:]) - 1 for number in reached.values_list("order__subscriber__subscriber_no", flat=True)}
    assert {int(line) for one in treatments() for line in one.lines} == lines != set()
    members = CampaignMember.objects.filter(campaign__code=CALLED, arm=Arm.TREATED)
    numbers = members.values_list("subscriber__subscriber_no", flat=True)
    assert lines <= {int(number[1:]) - 1 for number in numbers}


@pytest.mark.usefixtures("base")
def test_their_measurement_is_closed_once():
    run_finished_campaigns(on=TODAY)
    later = TODAY + timedelta(days=MEASURED_DAYS + 10)
    assert close_measurements(day=later) == 2
    assert close_measurements(day=later) == 0
    assert set(Campaign.objects.values_list("state", flat=True)) == {State.EVALUATED}
    assert at_hour(later, 9).date() == later


@pytest.mark.parametrize("until", [date(2026, 11, 29), date(2026, 3, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_it_began_so_long_ago_that_the_effect_is_known(until):
    on = campaign_day(until)
    assert (on + timedelta(days=1)).day == 1
    assert on + timedelta(days=1 + 90) <= until
    assert (until - on).days < 91 + 31
