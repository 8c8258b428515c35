import re

import pytest
from django.template import engines

from tests.core.ui.gallery import people_table, request_for


def render(path: str, rows: int = 60) -> str:
    request = request_for(path)
    table = people_table(request, rows=rows).paged()
    template = engines["django"].from_string("{% load django_tables2 %}{% render_table table %}")
    return re.sub(r"\s+(?=[<>])|(?<=>)\s+|(?<=\s)\s+", "", template.render({"table": table}, request))


def test_a_sorted_column_announces_its_direction():
    html = render("/?sort=-fee")
    assert len(re.findall(r"aria-sort=", html)) == 1
    assert re.search(r'data-column="fee"[^>]*aria-sort="descending"', html)


def test_sorting_keeps_filters_and_leaves_the_page():
    html = render("/?tier=high&page=2&sort=fee")
    link = re.search(r'data-column="name"[^>]*><a href="([^"]+)"', html)[1]
    assert "tier=high" in link
    assert "sort=name" in link
    assert "page=" not in link


def test_export_links_keep_the_query_string():
    html = render("/?tier=high&sort=-fee&page=2")
    assert re.search(r'href="\?tier=high&amp;sort=-fee&amp;export=xlsx"', html)


@pytest.mark.parametrize(("asked", "rows"), [("", 25), ("50", 50), ("7", 25), ("100000", 25), ("x", 25)])
def test_only_known_page_sizes_are_served(asked, rows):
    assert render(f"/?per_page={asked}").count("<tr data-href=") == rows


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999"])
def test_a_bad_page_number_shows_a_page_anyway(page):
    assert "<tr data-href=" in render(f"/?page={page}")


def test_the_first_cell_of_a_row_is_its_heading_and_its_link():
    assert re.search(r'<th scope="row"[^>]*rp-frozen"><a href="/customers/S100200/">S100200</a></th>', render("/"))


def test_an_empty_list_says_whether_a_filter_emptied_it():
    assert "Reset filters" in render("/?tier=high", rows=0)
    assert "Reset filters" not in render("/?sort=fee", rows=0)


def test_full_phone_numbers_never_reach_the_page():
    assert not re.search(r"\b138\d{8}\b", render("/"))
