"""A list as a browser keeps it: order and filters together, choices per person, the way back, and on paper."""

from datetime import timedelta

import pytest

from tests.e2e.steps import give_session
from tests.factories import NOW, make_job, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browse):
    for days, kind in enumerate(["import", "nightly", "demo"] * 10):
        make_job(kind=kind, created_at=NOW - timedelta(days=days), started_at=NOW - timedelta(days=days))
    page = browse()
    give_session(page, make_user(role="administrator"))
    page.goto("/jobs/")
    return page


def sort_by(page, column: str) -> None:
    with page.expect_response(lambda response: "sort=" in response.url):
        page.locator(f'th[data-column="{column}"] a').click()
    page.wait_for_selector(f'th[data-column="{column}"][aria-sort]')


def test_an_order_chosen_in_place_survives_a_filter_and_the_filter_the_way_back(page):
    sort_by(page, "started_at")
    page.select_option("[name=kind]", "demo")
    page.click(".rp-filters [type=submit]")
    page.wait_for_url("**/jobs/?kind=demo&sort=-started_at")
    page.select_option("[name=kind]", "import")
    page.click(".rp-filters [type=submit]")
    page.wait_for_url("**/jobs/?kind=import&sort=-started_at")
    page.go_back()
    page.wait_for_url("**/jobs/?kind=demo&sort=-started_at")
    kinds = page.locator("[name=kind]")
    assert kinds.input_value() == "demo"
    assert page.problems == []


def test_density_and_columns_are_kept_for_the_list(page):
    page.click("[data-density]")
    page.click("[data-columns] button")
    page.uncheck('[data-columns] input[value="error"]')
    page.reload()
    assert "rp-compact" in page.locator("data-table").get_attribute("class")
    assert not page.locator('th[data-column="error"]').is_visible()
    page.goto("/batches/")
    assert "rp-compact" not in page.locator("data-table").get_attribute("class")


def test_paper_has_the_rows_and_the_filters_in_words_and_no_controls(page):
    page.goto("/jobs/?kind=demo")
    page.emulate_media(media="print")
    assert page.locator("table.rp-table").is_visible()
    assert "Kind: Demo operator" in page.locator(".rp-chips").inner_text()
    for control in (".rp-filters", ".rp-table-tools-end", ".rp-nav", ".rp-top", ".rp-chip-remove"):
        assert not page.locator(control).first.is_visible(), control
