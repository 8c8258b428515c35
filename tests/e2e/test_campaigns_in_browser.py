"""The campaign pages as a browser shows them: accessible, without errors, inside a telephone's width; the wizard."""

import pytest

from campaigns.campaigns.models import Campaign, CampaignPlan
from campaigns.campaigns.states import Arm, MemberState, State
from retention.core import clock
from tests.browser import problems_of
from tests.campaigns.campaigns.rows import make_campaign, make_member
from tests.campaigns.rows import make_line
from tests.e2e.steps import give_session, open_narrow_then_wide
from tests.factories import NOW, TODAY, make_user
from workorders.order_types.services import install_order_types

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STEPS = ("goal", "audience", "control", "offers", "channel", "review")
PAGES = (
    "/campaigns/", "/campaigns/plan/", "/campaigns/plan/new/", "/campaigns/calendar/", "/campaigns/hold-out/",
    "/campaigns/new/", "/campaigns/spring/", "/campaigns/spring/members/", "/campaigns/autumn/",
    *(f"/campaigns/autumn/edit/?step={step}" for step in STEPS),
)  # fmt: skip


@pytest.fixture
def page(browse, branches):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    install_order_types()
    with clock.freeze(NOW):
        lines = [make_line(branch=branches.outlet, arpu=100, risk_probability=0.1) for _ in range(12)]
        running = make_campaign(
            code="spring", name="Spring campaign with a rather long name", state=State.RUNNING, frozen_on=TODAY, waves=1
        )
        for line in lines[:8]:
            make_member(campaign=running, line=line, state=MemberState.REFUSED, reason="blacklisted")
        make_member(campaign=running, line=lines[8], arm=Arm.CONTROL)
        make_campaign(code="autumn", name="Autumn")
        CampaignPlan.objects.create(year=2026, quarter=4, goal="Keep five hundred of the bound ones", budget=100_000)
    page = browse()
    page.axe = axe
    give_session(page, make_user(role="administrator"))
    return page


def test_the_pages_are_accessible_and_stay_within_a_telephone(page):
    for path in PAGES:
        open_narrow_then_wide(page, path)
        assert problems_of(page.axe, page) == [], path
    assert page.problems == []


def test_another_source_is_counted_at_once_and_saved_with_the_step(page):
    page.goto("/campaigns/autumn/edit/?step=audience")
    page.wait_for_selector("#rule-preview .rp-kpi-value")
    assert page.inner_text("#rule-preview .rp-kpi-value") == "12"
    page.wait_for_selector("#rule-preview >> text=Customers: 12")
    with page.expect_response("**/campaigns/audience/"):
        page.select_option("#id_source", "paying:")
    page.wait_for_selector("#rule-preview .rp-notice, #rule-preview .alert")
    assert page.inner_text("#rule-preview .rp-kpi-value") == "0"
    page.click("main form .rp-form-actions button.btn-primary")
    page.wait_for_url("**step=control")
    assert Campaign.objects.get(code="autumn").audience == "paying"
    assert page.problems == []


def test_a_pause_asks_for_its_reason(page):
    page.goto("/campaigns/spring/")
    page.click("summary:has-text('Pause')")
    page.fill("#id_pause-reason", "Complaints")
    page.click("button[value=pause]")
    page.wait_for_selector("text=Paused: Complaints")
    assert Campaign.objects.get(code="spring").state == State.PAUSED
