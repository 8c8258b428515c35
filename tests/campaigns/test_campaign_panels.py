"""What other parts of the product get from the campaigns app."""

import pytest
from django.db import connection
from django.test import RequestFactory

from campaigns.audiences.queries import suggestions
from campaigns.audiences.rules.fields import PROFILE_FIELDS
from campaigns.panels import hits_panel
from customers.contacts import text
from tests.campaigns.rows import make_hit, make_line, make_scenario
from tests.factories import make_plan, make_subscriber

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


def test_known_values_are_offered_with_their_names():
    plan = make_plan(name="Big plan")
    for _ in range(20):
        make_line(plan_code=plan.code, brand="Star")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_subscriberprofile")
    offered = suggestions([PROFILE_FIELDS[key] for key in ("plan_code", "brand", "line_type", "arpu")])
    assert offered == {"plan_code": [(plan.code, "Big plan")], "brand": [("Star", "")]}


def test_an_administrator_sets_the_contact_policy_and_the_trail_knows(client, ada):
    from campaigns.outreach.models import ContactPolicy
    from retention.core.audit.models import AuditEntry

    client.force_login(ada)
    values = {
        "attempts": 2, "attempts_days": 7, "connected": 1, "connected_days": 30, "messages": 4, "messages_days": 30,
        "calls_from": "09:30", "calls_until": "19:00", "consent_needed": ["marketing", "renewal"], "uncapped": [],
    }  # fmt: skip
    assert client.post("/admin/campaigns/contactpolicy/add/", values).status_code == 302
    policy = ContactPolicy.objects.current()
    assert (policy.attempts, policy.consent_needed, policy.uncapped) == (2, ["marketing", "renewal"], [])
    assert AuditEntry.objects.get(action="contact_policy.change").detail["changes"]["attempts"] == "2"
    assert client.get("/admin/campaigns/contactpolicy/add/").status_code == 403
    upside_down = client.post("/admin/campaigns/contactpolicy/1/change/", values | {"calls_until": "08:00"})
    assert upside_down.status_code == 200
    assert ContactPolicy.objects.current().calls_until.hour == 19
