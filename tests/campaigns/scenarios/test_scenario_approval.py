"""More contacts a night than one person may decide for: a second person approves."""

from functools import partial

import pytest

from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services import approval
from campaigns.scenarios.services.nightly import run_scenarios
from campaigns.scenarios.services.switching import switch_on
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid
from retention.core.managed.services import update
from retention.core.notices.models import Notice
from tests.campaigns.rows import SPEND_FELL, ask, make_line, make_scenario, rule
from tests.factories import NOW, TODAY, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture(autouse=True)
def small_limit(monkeypatch):
    monkeypatch.setattr(approval, "CONTACT_LIMITS", {"manager": 2})


@pytest.fixture
def scenario(branches):
    """Three of twenty lines."""
    for place in range(20):
        make_line(branch=branches.outlet, bill_change=-0.5 if place < 3 else 0)
    return make_scenario(code="S99", name="Spend fell", rule=rule(SPEND_FELL), enabled=False)


@pytest.fixture
def max_(branches):
    return make_user(username="max", role="manager", branch=branches.province)


def switched_on(actor) -> bool:
    return switch_on(actor=actor, code="S99", number=None, now=NOW).enabled


def test_above_the_limit_one_submits_and_another_switches_on(scenario, mia, max_):
    assert [switched_on(person) for person in (mia, mia, max_)] == [False, False, True]
    scenario.refresh_from_db()
    assert scenario.submitted_by == mia
    (notice,) = Notice.objects.all()
    assert (notice.person, notice.where, notice.text) == (
        max_, "/scenarios/S99/try/", "mia asks you to approve scenario S99.",
    )  # fmt: skip
    assert [entry.detail["changes"] for entry in AuditEntry.objects.order_by("pk")] == [
        {"submitted_by": [None, mia.pk]}, {"enabled": [False, True]},
    ]  # fmt: skip


def test_within_the_limit_and_without_one_nobody_else_is_asked(scenario, mia, ada):
    Scenario.objects.update(daily_cap=2)
    assert switched_on(mia)
    Scenario.objects.update(daily_cap=None, enabled=False)
    assert switched_on(ada)


def test_who_wrote_it_does_not_approve_it(scenario, mia, max_):
    update(model=Scenario, actor=max_, code="S99", version=1, values={"cooldown_days": 7})
    assert not switched_on(mia)
    assert not switched_on(max_)
    assert not Scenario.objects.get().enabled


def test_a_change_takes_the_submission_back(scenario, mia, max_):
    switched_on(mia)
    update(model=Scenario, actor=mia, code="S99", version=1, values={"cooldown_days": 7})
    assert Scenario.objects.get().submitted_by is None


def test_only_contacts_need_approval(scenario, mia):
    Scenario.objects.update(action="report_only", order_type="")
    assert switched_on(mia)


def test_what_is_on_goes_on_as_it_is_while_somebody_wants_more(scenario, manager, mia):
    Scenario.objects.update(daily_cap=2, enabled=True)
    edit = {
        "name": "Spend fell", "action": "open_order", "order_type": "churn_retention", "purpose": "retention",
        "priority": "5", "cooldown_days": "30", "part": ["r", "r-0"], "r.mode": "and", "r-0.field": "bill_change",
        "r-0.operator": "<=", "r-0.value": "-30", "version": "1",
    }  # fmt: skip
    answer = manager.post("/scenarios/S99/edit/", edit)
    assert answer.status_code == 422
    assert "So changed it would contact 3 customers a night; alone you may decide for 2." in answer.content.decode()
    scenario.refresh_from_db()
    assert (scenario.enabled, scenario.version, scenario.daily_cap) == (True, 1, 2)
    assert run_scenarios(as_of=TODAY, now=NOW).new == 2
    assert manager.post("/scenarios/S99/edit/", edit | {"daily_cap": "1"}).status_code == 302


def test_a_scenario_above_the_limit_may_be_changed_but_not_to_contact_more(scenario, mia, branches):
    def change(version: int, **values: object) -> Scenario:
        changed = partial(update, model=Scenario, actor=mia, code="S99", version=version, values=values)
        return approval.change_running(changed, code="S99", actor=mia, now=NOW)

    Scenario.objects.update(enabled=True)  # three contacts, by an administrator
    assert change(1, note="Mind the tone.").version == 2
    with pytest.raises(Invalid):
        change(2, rule=rule(ask("bill_change", "<=", 0)))
    assert change(2, rule=rule(ask("bill_change", "<=", -0.9))).version == 3


def test_the_page_says_what_the_reader_may_do(client, scenario, mia, max_):
    client.force_login(mia)
    page = client.get("/scenarios/S99/try/").content.decode()
    assert "It would contact 3 customers a night. Alone you may decide for 2" in page
    assert "Submit for approval" in page
    client.post("/scenarios/S99/switch/", {"to": "on"})
    assert "Submitted for approval" in client.get("/scenarios/S99/").content.decode()
    client.force_login(max_)
    page = client.get("/scenarios/S99/try/").content.decode()
    assert "Submitted for approval by mia." in page
    assert "Approve and switch on" in page
