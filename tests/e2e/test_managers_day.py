"""Five questions of a manager, each answered in the browser with at most ten clicks."""

import re
from datetime import date, timedelta

import pytest

from analytics.kpis.models import KpiValue
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.installation import install_scenarios
from customers.contacts.models import ContactRecord
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from tests.analytics.warnings.rows import scored
from tests.e2e.steps import open_as
from tests.factories import make_contact, make_team, make_user
from tests.workorders.rows import make_orders
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.supervision.services import reassign

MOST_CLICKS = 10


class Person:
    """A manager at a page. Everything pressed counts, choosing from a select as two."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def press(self, role, name, *, exact=False, within=None):
        self.clicks += 1
        (within or self.page).get_by_role(role, name=name, exact=exact).first.click()

    def choose(self, label, option):
        self.clicks += 2
        self.page.get_by_role("combobox", name=label, exact=True).select_option(label=option)

    def type_in(self, role, name, text):
        self.clicks += 1
        field = self.page.get_by_role(role, name=name).first
        field.fill("")
        field.press_sequentially(text)

    def find(self, label, text, option):
        """Type into a select that searches, and press Enter at once, before its answer can have come."""
        self.clicks += 1
        box = self.page.locator(f'input[role=combobox][aria-label="{label}"]')
        box.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("([box, text]) => box.value === text", arg=[box.element_handle(), option])

    def done(self):
        assert self.page.problems == []
        assert self.clicks <= MOST_CLICKS
        return self.clicks


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def manager(browse, branches):
    install_order_types()
    install_scenarios()
    boss = make_user(username="boss", role=Role.MANAGER, branch=branches.province)
    page = browse()
    open_as(page, boss)
    return Person(page)


def next_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=45)).replace(day=15)


def test_contracts_of_a_city_that_end_next_month_are_exported_and_given_out(manager, branches, today):
    ends = next_month(today)
    wanted = [
        scored(branches.city, as_of=today, contract_ends_on=ends, tier=tier) for tier in ("high", "high", "critical")
    ]
    scored(branches.city, as_of=today, contract_ends_on=ends, tier="medium")
    scored(branches.city, as_of=today, contract_ends_on=ends + timedelta(days=60))
    scored(branches.other, as_of=today, contract_ends_on=ends)
    page = manager.page
    manager.press("link", "Churn warning", exact=True)
    manager.press("checkbox", "High", exact=True)
    manager.press("checkbox", "Critical", exact=True)
    manager.choose("Contract ends", "Next month")
    manager.find("Branch", "Harbour", "Harbour City")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("ends_within=next-month"))
    with page.expect_download() as download:
        manager.press("link", "CSV")
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert {row.split(",")[0] for row in lines[1:]} == {one.subscriber_no for one in wanted}
    manager.press("checkbox", "Select the rows of this page")
    manager.press("button", "Open orders")
    page.get_by_text("3 lines chosen").wait_for()
    manager.press("button", "Open orders")
    page.get_by_text("3 orders opened.").wait_for()
    assert set(WorkOrder.objects.values_list("subscriber", flat=True)) == {one.pk for one in wanted}
    assert manager.done() == 10


def test_which_branch_got_worse_and_why(manager, branches, today):
    for branch, day, churned in (
        (branches.city, today, 4), (branches.city, today - timedelta(days=28), 1),
        (branches.other, today, 2), (branches.other, today - timedelta(days=28), 2),
    ):  # fmt: skip
        KpiValue.objects.create(kpi="churn_rate", branch=branch, as_of=day, numerator=churned, denominator=100)
    for _line in range(10):
        scored(branches.city, as_of=today, themes={"price": 0.9})
        scored(branches.other, as_of=today, themes={"network": 0.9})
    manager.press("link", "Home", exact=True)
    manager.press("link", "Compare branches")
    first = manager.page.get_by_role("row").nth(1)
    assert first.get_by_text("+3.0 pp").is_visible()
    assert first.get_by_text("Price and plan").is_visible()
    manager.press("link", "Harbour City", within=first)
    manager.page.get_by_text("10 rows").wait_for()
    assert manager.done() == 3


def test_a_threshold_for_one_branch_and_whom_it_would_catch(manager, branches, today):
    Scenario.objects.update(holdout_percent=0)  # so few lines that the draw would decide the count
    for gain in ("10", "30", "40"):
        scored(branches.city, as_of=today, gain=gain)
    scored(branches.other, as_of=today, gain="50")
    page = manager.page
    manager.press("link", "Scenarios", exact=True)
    manager.press("link", "S13")
    manager.press("link", "Copy")
    manager.type_in("textbox", "Code", "S13-HARBOUR")
    page.keyboard.press("Enter")
    manager.press("link", "Edit")
    manager.find("Branch", "Harbour", "Harbour City")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/scenarios/S13-HARBOUR/$"))
    manager.type_in("textbox", "Expected gain of a contact", "20")
    page.keyboard.press("Enter")
    page.get_by_text("Saved. The next night uses the new numbers.").wait_for()
    manager.press("link", "Dry run")
    new = page.get_by_text("Would be new", exact=True)
    new.wait_for()
    assert new.locator("xpath=..").inner_text().split()[-1] == "2"
    assert manager.done() == 8


def test_why_a_customer_was_not_called(manager, branches, today):
    line = scored(branches.city, as_of=today)
    for days in (1, 2, 3):
        make_contact(
            customer=line.account.customer, subscriber=line, at=clock.now() - timedelta(days=days),
            state=ContactRecord.State.USED,
        )  # fmt: skip
    page = manager.page
    manager.type_in("searchbox", "Find a customer", line.subscriber_no)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/customers/{line.subscriber_no}/"))
    assert page.get_by_text("May we call now").first.is_visible()
    assert page.get_by_text(re.compile("Call attempts used up|Spoken to recently")).first.is_visible()
    assert manager.done() == 1


def test_which_agents_are_behind(manager, branches):
    team = make_team(branch=branches.city)
    ana, ben = (
        make_user(username=name, role=Role.AGENT, branch=branches.city, teams=(team,)) for name in ("ana", "ben")
    )
    orders = make_orders(6, team=team, now=clock.now())
    boss = User.objects.get(username="boss")
    reassign(order_nos=[order.order_no for order in orders[:4]], agent=ana, actor=boss, now=clock.now())
    reassign(order_nos=[order.order_no for order in orders[4:]], agent=ben, actor=boss, now=clock.now())
    late = {order.order_no for order in orders[:3]}
    WorkOrder.objects.filter(order_no__in=late).update(due_at=clock.now() - timedelta(hours=2))
    page = manager.page
    manager.press("link", "Supervise", exact=True)
    behind = page.get_by_role("link", name=re.compile(r"^\d+ overdue$"))
    assert behind.all_inner_texts() == ["3 overdue"]
    manager.press("link", "3 overdue")
    page.wait_for_url(re.compile("agent=ana&due=overdue"))
    assert set(page.locator("td a.rp-mono, tbody th a").all_inner_texts()) >= late
    assert page.get_by_text("3 rows").is_visible()
    assert manager.done() == 2
