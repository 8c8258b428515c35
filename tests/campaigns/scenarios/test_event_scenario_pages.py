"""Making and changing a scenario that acts as events arrive."""

import pytest
from django.urls import reverse

from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.installation import install_scenarios
from retention.core.errors import Invalid
from retention.core.managed.services import update
from tests.campaigns.rows import make_scenario

pytestmark = pytest.mark.django_db


def form(**given):
    values = {
        "code": "abroad", "name": "Goes abroad", "action": "report_only", "purpose": "care", "priority": "3",
        "cooldown_days": "7", "trigger": "event", "event_kinds": ["roaming_start"], "due_hours": "6", "branch": "",
        "part": ["r", "r-0"], "r.mode": "and", "r-0.field": "arpu", "r-0.operator": ">=", "r-0.value": "80",
    }  # fmt: skip
    return values | given


def test_a_scenario_listens_to_the_events_that_were_ticked(manager):
    answer = manager.post(reverse("campaigns:scenario-new"), form(event_kinds=["roaming_start", "forward_set"]))
    scenario = Scenario.objects.get(code="abroad")
    assert answer.url == reverse("campaigns:scenario", args=["abroad"])
    assert (scenario.trigger, scenario.event_kinds) == ("event", ["roaming_start", "forward_set"])
    assert (scenario.due_hours, scenario.needs) == (6, [])
    text = manager.get(answer.url).content.decode()
    assert "As events arrive: Roaming started, Call forwarding set" in text
    assert reverse("campaigns:scenario-try", args=["abroad"]) not in text


def test_without_events_it_cannot_listen(manager):
    answer = manager.post(reverse("campaigns:scenario-new"), form(event_kinds=[]))
    assert answer.status_code == 422
    assert "Say which events it listens to." in answer.content.decode()


def test_a_scenario_of_the_night_listens_to_nothing(manager):
    manager.post(reverse("campaigns:scenario-new"), form(trigger="nightly"))
    assert Scenario.objects.get(code="abroad").event_kinds == []


def test_kinds_of_the_operators_own_stay_when_the_form_is_saved(manager):
    scenario = make_scenario(trigger="event", event_kinds=["sim_swap"], branch=None)
    edit = reverse("campaigns:scenario-edit", args=[scenario.code])
    assert 'value="sim_swap"' in manager.get(edit).content.decode()
    kept = form(event_kinds=["sim_swap"], version="1", action="open_order", order_type="churn_retention")
    assert manager.post(edit, kept).status_code == 302
    scenario.refresh_from_db()
    assert scenario.event_kinds == ["sim_swap"]


def test_the_services_refuse_a_listener_without_events(mia):
    install_scenarios()
    with pytest.raises(Invalid):
        update(model=Scenario, actor=mia, code="S23", version=1, values={"event_kinds": []})
