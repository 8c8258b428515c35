"""The history of visits: which contacts it lists, what it says of them, and who sees it."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.factories import NOW, make_branch, make_user
from tests.workorders.orders.flows import opened
from tests.workorders.rows import DAY, MINUTE, make_floor
from workorders.order_types import defaults
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome, start
from workorders.surveys.services.installation import install_questionnaires
from workorders.telephony.models import Call
from workorders.visits.rules import VISIT_TYPES

pytestmark = pytest.mark.django_db
HISTORY = "/questionnaires/visits/"
WELCOMED = {
    "real_user": "owner", "data_true": "true", "in_use": "main", "channel": "hall", "channel_served": "4",
    "policy_told": "fully", "content": "4",
}  # fmt: skip


@pytest.fixture(autouse=True)
def shipped():
    install_order_types()
    install_questionnaires(now=NOW - DAY)


@pytest.fixture
def ada():
    return make_user(role="administrator")


def visit(floor, code, disposition="informed", *, at=NOW, **answers):
    """A call of two minutes for an order of the type; its recorded call."""
    team, (agent, *_others) = floor
    with clock.freeze(at):
        opened(OrderType.objects.current().get(code=code), team)
        order = claim_next(agent=agent, now=at)
        start(order_no=order.order_no, agent=agent, version=None, now=at)
        call = Call.objects.create(
            reference=f"C-{order.order_no}", order=order, agent=agent, number="138****1234", started_at=at,
            state="ended", answered_at=at, ended_at=at + MINUTE, ended_because="hung_up", recording="r1",
        )  # fmt: skip
        record_outcome(
            order_no=order.order_no, agent=agent, disposition=disposition, version=None, now=at + 2 * MINUTE,
            answers=answers,
        )  # fmt: skip
    return call


def page_of(client, person, query=""):
    client.force_login(person)
    with clock.freeze(NOW + DAY):
        return client.get(HISTORY + query)


def listed(page):
    return [row.record.order.order_no for row in page.context["table"].page.object_list]


def test_the_visits_that_ship_are_listed():
    assert set(VISIT_TYPES) <= {one["code"] for one in defaults.ORDER_TYPES}


def test_calls_of_visits_are_listed_newest_first_and_no_others(client, ada):
    floor = make_floor()
    first = visit(floor, "new_subscriber_visit", **WELCOMED)
    second = visit(floor, "broadband_care", "refused", at=NOW + timedelta(hours=1))
    visit(floor, "churn_retention", "retained", at=NOW + timedelta(hours=2))
    page = page_of(client, ada)
    assert listed(page) == [second.order.order_no, first.order.order_no]
    row = page.context["table"].page.object_list[1]
    assert row.get_cell("at") == "2026-11-20 10:02"
    assert (row.get_cell("type"), row.get_cell("outcome")) == ("New-subscriber visit", "Informed")
    assert "2" in row.get_cell("seconds") and "%" in row.get_cell("share")
    assert page.context["table"].page.object_list[0].get_cell("share") == "–"


def test_each_kind_of_visit_is_counted_and_leads_to_its_calls(client, ada):
    floor = make_floor()
    visit(floor, "new_subscriber_visit", **WELCOMED)
    visit(floor, "broadband_care", "refused", at=NOW + timedelta(hours=1))
    visit(floor, "broadband_care", "no_answer", at=NOW + timedelta(hours=2))
    page = page_of(client, ada)
    kinds = {row.record["code"]: row.record for row in page.context["kinds"].rows}
    assert list(kinds) == ["new_subscriber_visit", "broadband_care"]
    wired = kinds["broadband_care"]
    assert (wired["visits"], wired["contacts"], wired["reached"], wired["refused"]) == (2, 2, 1, 1)
    assert (wired["reach_rate"], wired["answered"], wired["score"]) == (0.5, 0, None)
    fresh = kinds["new_subscriber_visit"]
    assert fresh["answered"] == 1 and 0 < fresh["score"] <= 1
    assert reverse("survey_results:results", args=["new_subscriber_visit"]) in page.text
    assert len(listed(page_of(client, ada, "?type=broadband_care"))) == 2
    assert "type=broadband_care" in page.text


def test_filters_narrow_the_list_and_the_counts_alike(client, ada):
    floor = make_floor()
    visit(floor, "broadband_care", "refused")
    visit(floor, "full_network_visit", "no_answer", at=NOW + timedelta(hours=1))
    page = page_of(client, ada, "?outcome=refused")
    assert len(listed(page)) == 1
    assert [row.record["code"] for row in page.context["kinds"].rows] == ["broadband_care"]
    assert len(listed(page_of(client, ada, "?counted=reached"))) == 1
    assert listed(page_of(client, ada, "?before=2020-01-31")) == []
    assert listed(page_of(client, ada, "?type=churn_retention")) != []  # no such choice: it filters nothing


def test_a_recording_is_offered_to_whom_may_hear_it(client, ada, settings):
    call = visit(make_floor(), "broadband_care")
    address = reverse("workorders:recording", args=[call.reference])
    assert address not in page_of(client, ada).text
    settings.CALL_RECORDING_URL = "https://recorder.example/{recording}"
    assert address in page_of(client, ada).text
    analyst = make_user(role="analyst", branch=call.order.branch)
    page = page_of(client, analyst)
    assert len(listed(page)) == 1 and address not in page.text


def test_a_call_that_led_to_another_contact_is_not_offered_with_this_one(client, ada, settings):
    settings.CALL_RECORDING_URL = "https://recorder.example/{recording}"
    call = visit(make_floor(), "broadband_care")
    Call.objects.filter(pk=call.pk).update(started_at=NOW - DAY)
    assert reverse("workorders:recording", args=[call.reference]) not in page_of(client, ada).text


def test_one_sees_the_visits_of_ones_own_orders_alone(client):
    floor, other = make_floor(), make_floor()
    mine = visit(floor, "broadband_care")
    visit(other, "broadband_care")
    boss = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    assert listed(page_of(client, boss)) == [mine.order.order_no]
    far = make_user(role="manager", branch=make_branch())
    assert listed(page_of(client, far)) == []


def test_the_history_is_exported_with_an_entry_in_the_trail(client, ada):
    visit(make_floor(), "new_subscriber_visit", **WELCOMED)
    file = page_of(client, ada, "?export=csv")
    (row,) = csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))
    assert (row["Visit"], row["Length"]) == ("New-subscriber visit", "120")
    assert AuditEntry.objects.get(action="export").target == "visits"
