"""The editor of order types in a real browser: a stage more, its problem at its row, a trial run, all by keyboard."""

import os

import pytest

from tests.browser import problems_of
from tests.e2e.steps import open_as
from tests.factories import make_user
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types

FLOW = "/administration/order-types/of/fault_escalation/flow/"


@pytest.fixture
def editor(browse):
    install_order_types()
    page = browse()
    open_as(page, make_user(role="administrator"))
    return page


def picture(page, name):
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_type_is_edited_tried_and_published(editor):
    page = editor
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.goto(FLOW)
    found = {"flow": problems_of(axe, page)}
    picture(page, "flow")
    page.get_by_role("button", name="Edit as a new version").press("Enter")
    page.wait_for_url("**/draft/")
    found["draft"] = problems_of(axe, page)
    picture(page, "draft")
    page.locator("#stages button[name=add]").press("Enter")
    page.locator("[name=stages-9-key]").fill("island")
    page.locator("[name=stages-9-phase]").select_option("in_progress")
    page.locator("[name=stages-9-label]").fill("Island")
    page.locator("[name=stages-9-label_zh]").fill("孤岛")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#problems")
    assert page.locator("#stage-island .rp-error").count() == 1
    found["problems"] = problems_of(axe, page)
    picture(page, "problems")
    page.locator("[name=stages-9-DELETE]").press("Space")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#problems", state="detached")
    page.get_by_role("link", name="Trial run").press("Enter")
    page.wait_for_url("**/trial/**")
    for name in ("Taken by the agent", "Escalate to second line", "Taken by the agent", "Call started"):
        page.get_by_role("link", name=name, exact=True).press("Enter")
        page.wait_for_load_state()
    assert page.locator("p.rp-strong[role=status]").inner_text() == "Repair"
    found["trial"] = problems_of(axe, page)
    picture(page, "trial")
    assert OrderType.objects.drafts().get().version == 2
    assert {name: one for name, one in found.items() if one} == {}
    assert page.problems == []
