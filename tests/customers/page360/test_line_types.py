"""A line shows what matters of its type, on the 360 page, on the call screen and in lists alike."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from customers.facts.models import LineType
from customers.fields import FIELDS
from customers.fields.line_types import LINE_VIEWS, view_of
from retention.core import clock
from tests.factories import NOW, make_profile, make_subscriber, make_usage_month, make_user
from tests.workorders.rows import make_floor, make_hit, open_orders
from workorders.orders.services.claiming import claim_next

USE = {"voice_out_s": 6000, "voice_in_s": 3000, "data_mb": 2048}
FACTS = {
    "bandwidth": 300, "active_days": 24, "faults_90d": 2, "voice_out_recent": 55.0, "zero_call_days": 3,
    "terminal_generation": "5G", "contacts_recent": 40.0, "is_bundle": True,
}  # fmt: skip
# (type, what its panel shows, what it does not show, its charts of use)
CASES = [
    ("mobile", {"Minutes out, last 30 days", "Network generation"}, {"Faults in 90 days"}, ["Minutes", "Data (GB)"]),
    ("broadband", {"Bandwidth", "Faults in 90 days", "Days with use, last 30 days", "On a bundle"},
     {"Minutes out, last 30 days", "Network generation", "Distinct contacts, last month"}, ["Data (GB)"]),
    ("wireless_landline", {"Minutes out, last 30 days", "Days in a row without a call", "Faults in 90 days"},
     {"Bandwidth", "Network generation"}, ["Minutes"]),
    ("fixed", {"Minutes out, last 30 days"}, {"Bandwidth"}, ["Minutes"]),
    ("iptv", {"Days with use, last 30 days"}, {"Minutes out, last 30 days"}, ["Data (GB)"]),
]  # fmt: skip


def make_line(line_type, branch):
    line = make_subscriber(line_type=line_type, branch=branch, bandwidth_mbps=300)
    make_profile(subscriber=line, line_type=line_type, **FACTS)
    for month in (9, 10):
        make_usage_month(subscriber=line, month=date(2026, month, 1), **USE)
    return line


def test_every_type_has_a_view_of_fields_that_there_are():
    assert set(LINE_VIEWS) == set(LineType)
    for view in LINE_VIEWS.values():
        assert set(view.facts) <= set(FIELDS)
        assert set(view.listed) <= set(view.facts)
    assert view_of("satellite").facts == ()


@pytest.mark.parametrize(("line_type", "shown", "hidden", "charts"), CASES)
def test_the_360_page_shows_the_facts_of_the_type_alone(manager, branches, line_type, shown, hidden, charts):
    line = make_line(line_type, branches.outlet)
    with clock.freeze(NOW):
        page = manager.get(reverse("customers:detail", args=[line.subscriber_no]))
    labels = {fact[0] for fact in page.context["type_facts"]}
    assert shown <= labels and not hidden & labels
    assert [chart["title"] for chart in page.context["usage_charts"]] == charts
    assert 'id="line-type"' in page.text and 'href="#line-type"' in page.text


def test_the_speed_of_a_line_is_said_once_and_a_new_line_still_says_it(manager, branches):
    line, new = make_line("broadband", branches.outlet), make_subscriber(
        line_type="broadband", branch=branches.outlet, bandwidth_mbps=100
    )  # fmt: skip
    with clock.freeze(NOW):
        page, fresh = (manager.get(reverse("customers:detail", args=[one.subscriber_no])) for one in (line, new))
    said = [fact[0] for fact in (*page.context["type_facts"], *page.context["line_facts"])]
    assert said.count("Bandwidth") == 1
    assert dict(fact[:2] for fact in page.context["type_facts"])["Bandwidth"] == "300 Mbps"
    assert fresh.context["type_facts"] == [] and 'id="line-type"' not in fresh.text
    assert ("Bandwidth", "100 Mbps", "bandwidth") in fresh.context["line_facts"]


def test_a_fact_that_is_not_held_is_not_shown(manager, branches):
    line = make_subscriber(line_type="wireless_landline", branch=branches.outlet)
    make_profile(subscriber=line, line_type="wireless_landline", faults_90d=0)
    with clock.freeze(NOW):
        page = manager.get(reverse("customers:detail", args=[line.subscriber_no]))
    assert [fact[:2] for fact in page.context["type_facts"]] == [("Faults in 90 days", "0")]


def test_the_call_screen_shows_the_same_facts_and_no_trend_without_meaning(client, db):
    team, (agent,) = make_floor()
    line = make_line("broadband", team.branch)
    open_orders(make_hit(subscriber=line))
    order = claim_next(agent=agent, now=NOW)
    client.force_login(agent)
    with clock.freeze(NOW):
        page = client.get(reverse("workorders:background", args=[order.order_no]))
    labels = {fact[0] for fact in page.context["type_facts"]}
    assert {"Bandwidth", "Faults in 90 days"} <= labels and "Minutes out, last 30 days" not in labels
    assert "Data (GB)" in {trend.label for trend in page.context["trends"]}
    assert not {"Minutes out", "Minutes in"} & {trend.label for trend in page.context["trends"]}
    assert 'id="line-type"' in page.text


def test_a_list_of_one_type_has_the_columns_of_the_type(client, branches):
    ada = make_user(role="administrator")
    make_line("broadband", branches.outlet), make_line("mobile", branches.outlet)
    client.force_login(ada)
    with clock.freeze(NOW):
        every = client.get(reverse("customers:list"))
        wired = client.get(reverse("customers:list"), {"line_type": "broadband"})
        file = client.get(reverse("customers:list"), {"line_type": "broadband", "export": "csv"})
    assert "Bandwidth" not in every.text
    assert "Bandwidth" in wired.text and "300 Mbps" in wired.text and "Network generation" not in wired.text
    (row,) = csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))
    assert (row["Bandwidth"], row["Faults in 90 days"], row["On a bundle"]) == ("300", "2", "yes")


def test_the_warning_list_of_one_type_has_them_too(client, branches):
    ada = make_user(role="administrator")
    line = make_subscriber(line_type="wireless_landline", branch=branches.outlet)
    make_profile(
        subscriber=line, line_type="wireless_landline", risk_tier="high", risk_probability=0.6, zero_call_days=4
    )
    client.force_login(ada)
    with clock.freeze(NOW):
        page = client.get(reverse("analytics:churn"), {"line_type": "wireless_landline"})
        every = client.get(reverse("analytics:churn"))
    assert "Days in a row without a call" in page.text and "4 days" in page.text
    assert "Days in a row without a call" not in every.text
