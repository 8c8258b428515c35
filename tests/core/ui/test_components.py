import re
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from retention.core.ui import drawing
from retention.core.ui.filters import chips_for
from tests.core.ui.forms import Demo, Filters
from tests.core.ui.gallery import request_for


def render(text: str, **values: object) -> str:
    with translation.override("en"):
        html = Template("{% load ui %}" + text).render(Context(values))
    # Space between elements says nothing; the formatter may move it.
    return re.sub(r"\s+(?=[<>])|(?<=>)\s+", "", html)


def test_churn_going_up_is_bad_and_sales_going_up_is_good():
    assert "rp-bad" in render("{% delta 0.02 better='down' %}")
    assert "rp-good" in render("{% delta 0.02 better='up' %}")
    assert "rp-good" not in render("{% delta 0 better='up' %}")


@pytest.mark.parametrize("tier", ["low", "medium", "high", "critical"])
def test_a_risk_badge_has_an_icon_and_a_word_beside_its_colour(tier):
    html = render("{% risk_badge tier 0.43 %}", tier=tier)
    assert f"rp-badge-{tier}" in html
    assert "<use href=" in html
    assert f"{tier.title()} risk 43.0%" in html


def test_a_name_cannot_smuggle_markup_into_a_component():
    html = render(
        "{% badge name %}{% panel name %}{{ name }}{% endpanel %}{% kpi_card label=name value=1 %}", name="<b>x</b>"
    )
    assert "<b>" not in html
    assert html.count("&lt;b&gt;x&lt;/b&gt;") == 4


def test_a_breadcrumb_leads_from_home_over_the_pages_above_to_this_one():
    html = render('{% breadcrumb "imports:list" "Imports" url name here=here %}', url="/x/", name="<b>", here="Now")
    assert re.findall(r'href="(.*?)"', html) == ["/", "/imports/", "/x/"]
    assert "&lt;b&gt;" in html
    assert html.endswith('aria-current="page">Now</li>')
    assert "The title" in render("{% breadcrumb %}", page_title="The title")


def test_a_gap_breaks_a_sparkline_in_two():
    assert str(drawing.sparkline([1, 2, None, 3, 4])).count("<polyline") == 2
    assert drawing.sparkline([None, 1]) == ""


def test_a_bar_stays_inside_its_track():
    assert 'width="100.0"' in drawing.bar(7, 1)
    assert 'width="0.0"' in drawing.bar(-1, 1)


def test_a_long_figure_is_shortened_with_the_full_one_in_reach():
    assert 'title="1,234,567">1.2M' in render("{% kpi_card label='x' value=1234567 kind='compact' %}")


def test_a_filter_is_shown_in_words_and_can_be_removed_alone():
    query = QueryDict("region=GD&region=ZJ&tier=high&page=3&since=2026-11-01")
    chips = {chip.value: chip for chip in chips_for(Filters(query), query, "/list/")}
    assert {"Guangdong", "Zhejiang", "High"} < set(chips)
    assert chips["Guangdong"].remove_url == "/list/?region=ZJ&tier=high&since=2026-11-01"


def test_the_filter_row_keeps_the_order_but_not_the_page():
    request = request_for("/list/?tier=high&sort=-fee&page=4")
    html = render("{% filter_form form %}", form=Filters(request.GET), request=request)
    assert '<input type="hidden" name="sort" value="-fee">' in html
    assert 'name="page"' not in html


def test_an_error_is_tied_to_its_field_for_readers():
    form = Demo({"name": ""})
    form.is_valid()
    html = render("{{ form }}", form=form)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<div id="id_name_error">' in html


def test_a_running_job_asks_for_itself_and_a_finished_one_stops():
    assert "hx-trigger" in render("{% job_progress id='j' title='t' state='running' poll_url='/p/' %}")
    assert "hx-trigger" not in render("{% job_progress id='j' title='t' state='done' poll_url='/p/' %}")


def test_a_region_asks_for_itself_until_it_is_final():
    tag = '<div id="x" {% poll "x" version %}></div>'
    html = render(tag, version="running-3", request=request_for("/jobs/7/?a=1"))
    assert 'hx-get="/jobs/7/?a=1"' in html
    assert """hx-headers='{"X-Seen": "running-3"}'""" in html
    assert "hx-" not in render(tag, version="", request=request_for("/jobs/7/"))


def test_messages_carry_their_tone_in_an_icon_too():
    message = SimpleNamespace(level=40)
    assert render("{{ m|message_tone }} {{ m|message_icon }}", m=message) == "rp-notice-bad alert-circle"


def test_a_wrong_capture_is_a_template_error():
    with pytest.raises(TemplateSyntaxError):
        render("{% capture x %}{% endcapture %}")


def test_a_single_point_between_two_gaps_is_seen():
    svg = str(drawing.sparkline([1, None, 3, None, 2, 4]))
    assert svg.count("<polyline") == 1
    assert svg.count("rp-spark-end") == 3  # the two lone points and the last one
