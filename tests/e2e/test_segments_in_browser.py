"""The segment pages as a browser shows them: accessible, without errors, inside a telephone's width."""

import pytest

from retention.core import clock
from tests.browser import problems_of
from tests.campaigns.segments.rows import make_moved_base
from tests.e2e.steps import give_session, open_narrow_then_wide
from tests.factories import NOW, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CELL = "mobile.high.middle.unbound"
PAGES = (
    "/segments/", "/segments/?layer=need", f"/segments/mobile/cells/{CELL}/",
    "/segments/mobile/migration/?dimension=tendency", f"/segments/mobile/lines/{CELL}/", "/segments/mobile/edit/",
)  # fmt: skip


@pytest.fixture
def page(browse):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    with clock.freeze(NOW):
        make_moved_base()
    page = browse()
    page.axe = axe
    give_session(page, make_user(role="administrator"))
    return page


def test_the_pages_are_accessible_and_stay_within_a_telephone(page):
    for path in PAGES:
        open_narrow_then_wide(page, path)
        assert problems_of(page.axe, page) == [], path


def test_a_number_leads_to_its_lines_and_an_arrow_to_the_cell(page):
    page.goto("/segments/")
    page.click(f'a.rp-matrix-number[href="/segments/mobile/lines/{CELL}/"]')
    assert page.locator("data-table tbody tr").count() == 4
    page.go_back()
    page.click(f'a.rp-matrix-more[href="/segments/mobile/cells/{CELL}/"]')
    assert page.locator("rp-chart").count() == 2
    assert page.problems == []
