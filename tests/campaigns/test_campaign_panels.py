"""What other parts of the product get from the campaigns app."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from campaigns.outreach.text import call_figure
from campaigns.panels import campaigns_panel, hits_panel
from customers.contacts import text
from retention.core import clock
from retention.core.ui import formats
from tests.campaigns.campaigns.rows import make_campaign, make_member
from tests.campaigns.rows import make_hit, make_line, make_scenario
from tests.factories import NOW, TODAY, make_contact, make_list_entry, make_subscriber

pytestmark = pytest.mark.django_db


def test_the_360_lists_the_scenarios_that_found_the_line(mia):
    line = make_line()
    make_hit(scenario=make_scenario(name="Spend fell"), line=line, state="refused", reason="do_not_disturb")
    request = RequestFactory().get("/")
    request.user = mia
    panel = hits_panel(request, line.subscriber)
    (row,) = panel.context["table"].rows
    assert "Spend fell" in row.get_cell("scenario")
    assert row.get_cell("evidence") == "Spend, change −42%"
    assert hits_panel(request, make_subscriber()) is None


def test_the_contact_history_says_the_codes_of_the_gate_in_words():
    assert text.format_contact_code("do_not_disturb") == "Do not disturb"
    assert text.format_contact_code("not_reached") == "Not reached"


def figure(line, at=NOW):
    return call_figure(line, now=at)


def test_whether_a_call_may_be_made_is_the_gates_own_answer():
    """It said "Allowed" beside three refusals of the day: it knew the lists only."""
    line = make_subscriber()
    assert figure(line)["value"] == "Yes"
    make_contact(subscriber=line, outcome="connected", at=NOW - timedelta(days=1))
    said = figure(line)
    assert (said["value"], said["state_label"], said["note"]) == (
        "No",
        "Spoken to recently",
        f"from {formats.moment(NOW + timedelta(days=29))}",
    )


def test_outside_calling_hours_the_hours_are_said():
    said = figure(make_subscriber(), at=NOW.replace(hour=23))
    assert (said["value"], said["state_label"]) == ("No", "Quiet hours")
    assert said["note"].startswith("calls are made from 09:00 to ")


@pytest.mark.parametrize(
    ("own", "ends_on", "note"),
    [
        (True, None, "until removed"),
        (True, TODAY + timedelta(days=9), "from its end"),
        (False, None, "asked for by another customer at this number"),
    ],
)
def test_a_list_says_until_when_and_whether_it_is_anothers(own, ends_on, note):
    line = make_subscriber(phone_number="10088880000")
    other = make_subscriber(phone_number="10088880000")
    listed = line if own else other
    make_list_entry(customer=listed.account.customer, ends_on=ends_on)
    said = figure(line)
    assert (said["state_label"], said["href"]) == ("Do not disturb", "#lists")
    again = clock.midnight(TODAY + timedelta(days=10)).replace(hour=9)
    assert said["note"] == (note if ends_on is None else f"from {formats.moment(again)}")


def test_a_call_that_is_allowed_names_the_channels_that_are_not():
    line = make_subscriber()
    make_list_entry(customer=line.account.customer, channel="sms")
    assert (figure(line)["value"], figure(line)["note"]) == ("Yes", "Not by SMS")


def test_the_campaigns_of_a_customer_are_listed_for_who_may_see_campaigns(mia, ana):
    line = make_line()
    request = RequestFactory().get("/")
    request.user = mia
    assert campaigns_panel(request, line.subscriber) is None
    member = make_member(campaign=make_campaign(name="Autumn"), line=line, arm="control")
    panel = campaigns_panel(request, line.subscriber)
    assert [row.record for row in panel.context["table"].rows] == [member]
    request.user = ana
    assert campaigns_panel(request, line.subscriber) is None


def test_the_360_of_a_member_with_an_order_opens(client, mia):
    line = make_line(branch=mia.branch)
    make_member(campaign=make_campaign(name="Autumn"), line=line, arm="treated", order_no="W7")
    client.force_login(mia)
    page = client.get(reverse("customers:detail", args=[line.subscriber.subscriber_no]))
    assert page.status_code == 200
    assert "Autumn" in page.text and "W7" in page.text
