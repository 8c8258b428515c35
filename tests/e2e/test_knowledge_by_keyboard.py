"""The knowledge base on the call screen: opened, searched, read and voted on by keyboard, while the form waits."""

import pytest

from retention.core import clock
from tests.browser import problems_in_both_themes
from tests.e2e.steps import SHOWN, open_as, press_to_call
from tests.factories import make_user
from tests.workorders.knowledge.rows import approve, make_article
from tests.workorders.rows import make_floor, make_orders
from workorders.knowledge.models import Article, Opening, Vote
from workorders.knowledge.queries.figures import with_figures
from workorders.knowledge.services.installation import install_articles
from workorders.orders.states import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# As soon as a key can come at all: the answer is in the page, and the task that has put it there is at its end.
VOTE_AT_ONCE = """document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const press = () => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "y", bubbles: true }));
  if (detail.target.id === "knowledge-article") queueMicrotask(press);
})"""


def open_drawer(page):
    page.keyboard.press("Alt+k")
    page.locator("#knowledge-found [role=status]").wait_for()


def test_an_agent_finds_reads_and_votes_on_the_answer_without_leaving_the_call(browse):
    team, (ana,) = make_floor()
    order, second = make_orders(2, team=team, now=clock.now())
    install_articles()
    ada = make_user(role="administrator")
    for article in Article.objects.all():
        approve(article, by=ada)
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    page.keyboard.press("1")  # main reason: price
    page.keyboard.press("Alt+n")
    page.keyboard.type("Has asked for the porting code. ")

    open_drawer(page)
    assert "too expensive" in page.locator("#knowledge-found button").first.inner_text(), "for the reason in the form"
    page.keyboard.type("xhzw")
    page.locator("#knowledge-found button", has_text="porting my number").wait_for()
    # Digits, letters and the keys of the form belong to the search while it is open.
    page.keyboard.type(" 3n")
    page.keyboard.press("Alt+4")
    for _letter in " 3n":
        page.keyboard.press("Backspace")
    page.locator("#knowledge-found button", has_text="porting my number").wait_for()
    assert page.locator("#outcome [name=disposition]:checked").count() == 0
    page.keyboard.press("ArrowDown")
    while "porting my number" not in page.evaluate("document.activeElement.innerText"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#knowledge-article h3").wait_for()
    page.keyboard.press("y")
    page.locator("#article-vote [value=yes][aria-pressed=true]").wait_for()
    page.keyboard.press("Escape")
    page.locator("#knowledge").wait_for(state="hidden")

    page.wait_for_function("() => document.activeElement.name === 'note'")
    page.keyboard.type("Stays.")
    assert page.locator("[name=note]").input_value() == "Has asked for the porting code. Stays."
    page.keyboard.press("Alt+3")  # stays with us
    assert press_to_call(page, "Control+Enter") == second.order_no
    order.refresh_from_db()
    assert (order.state, order.answers) == (State.DONE, {"main_reason": "price"})
    opening, vote = Opening.objects.get(), Vote.objects.get()
    assert (opening.order, opening.agent, opening.version.article.code) == (order, ana, "porting-out")
    assert (vote.person, vote.useful, vote.version) == (ana, True, opening.version)
    counted = with_figures(Article.objects.filter(code="porting-out"), ada).get()
    assert (counted.calls, counted.successes, counted.useful) == (1, 1, 1)
    assert page.evaluate("window.mouse ?? 0") == 0
    assert page.problems == []


def test_the_quickest_vote_stays_on_the_call(at_work):
    page, _order = at_work
    make_article(name="Roaming", name_zh="国际漫游")
    address = page.url
    page.evaluate(VOTE_AT_ONCE)
    open_drawer(page)
    page.keyboard.type("roam")
    page.keyboard.press("Enter")
    page.locator("#article-vote [value=yes][aria-pressed=true]").wait_for()
    assert (page.url, Vote.objects.get().useful) == (address, True)
    assert page.problems == []


def test_enter_opens_what_the_last_letters_find_and_the_way_back_keeps_the_place(at_work):
    page, _order = at_work
    make_article(name="Roaming", name_zh="国际漫游")
    make_article(name="Rowing club", name_zh="划船")
    open_drawer(page)
    page.keyboard.type("roam")
    page.keyboard.press("Enter")
    page.locator("#knowledge-article h3").wait_for()
    assert page.locator("#knowledge-article h3").inner_text() == "Roaming"
    page.keyboard.press("Backspace")
    page.locator("[data-list]").wait_for()
    assert page.locator("#knowledge [name=q]").input_value() == "roam"
    page.keyboard.press("Escape")
    page.locator("#knowledge").wait_for(state="hidden")
    assert page.problems == []


def test_the_drawer_and_the_pages_are_accessible(browse):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    team, (ana,) = make_floor()
    make_orders(1, team=team, now=clock.now())
    article = make_article(order_types=["churn_retention"], body="One.\n\n- two\n- three", tags=["price"])
    type(ana).objects.filter(pk=ana.pk).update(**SHOWN)
    boss = make_user(role="manager", branch=team.branch, **SHOWN)
    page = browse(locale="zh-CN")
    open_as(page, ana)
    press_to_call(page, "n")
    open_drawer(page)
    found = {"drawer": problems_in_both_themes(axe, page)}
    page.keyboard.press("Enter")
    page.locator("#knowledge-article h3").wait_for()
    found["article in the drawer"] = problems_in_both_themes(axe, page)
    page = browse(locale="zh-CN")
    open_as(page, boss)
    for path in ("", f"{article.code}/", f"{article.code}/edit/", f"{article.code}/compare/", "suggestions/"):
        page.goto(f"/knowledge/{path}")
        found[path] = problems_in_both_themes(axe, page)
    assert {name: problems for name, problems in found.items() if problems} == {}
