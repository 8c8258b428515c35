"""The versions of a scenario side by side, and the way back."""

import pytest

from campaigns.scenarios.models import Scenario
from retention.core.errors import Conflict, Invalid, NotFound
from retention.core.managed.services import create, switch, update
from retention.core.managed.versions import restore, versions_of
from tests.campaigns.rows import SPEND_FELL, ask, make_scenario, rule
from tests.factories import make_custom_field, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
FIRST, SECOND = rule(ask("arpu", ">=", 80), SPEND_FELL), rule(ask("arpu", ">=", 120), SPEND_FELL)


@pytest.fixture
def changed(mia, branches):
    """Three versions: made by Mia, another rule by Max, another rest and owner by Mia; switched on in between."""
    values = {"name": "Spend fell", "rule": FIRST, "action": "report_only"}
    create(model=Scenario, actor=mia, code="S99", values=values)
    max_ = make_user(username="max", role="manager", branch=branches.province)
    update(model=Scenario, actor=max_, code="S99", version=1, values={"rule": SECOND})
    switch(model=Scenario, actor=mia, code="S99", enabled=True)
    update(model=Scenario, actor=mia, code="S99", version=2, values={"cooldown_days": 7, "owner": max_})
    return Scenario.objects.get(code="S99")


def test_each_version_has_its_author_its_values_and_what_it_changed(changed):
    found = [
        (one.number, one.who, one.changed, one.values["rule"]["rules"][0]["value"], one.values["cooldown_days"])
        for one in versions_of(changed)
    ]
    assert found == [
        (3, "mia", ("cooldown_days", "owner"), 120, 7),
        (2, "max", ("rule",), 120, 30),
        (1, "mia", (), 80, 30),
    ]


def test_a_scenario_that_ships_has_a_first_version_without_an_author(mia):
    row = make_scenario(code="S1")
    update(model=Scenario, actor=mia, code="S1", version=1, values={"cooldown_days": 9})
    row.refresh_from_db()
    assert [(one.number, one.who, one.values["cooldown_days"]) for one in versions_of(row)] == [
        (2, "mia", 9),
        (1, "", 30),
    ]


def test_going_back_is_a_new_version_with_the_old_settings_and_stays_on(changed, mia):
    back = restore(model=Scenario, actor=mia, code="S99", number=1, version=3)
    assert (back.version, back.rule, back.cooldown_days, back.owner, back.enabled) == (4, FIRST, 30, mia, True)
    with pytest.raises(Conflict):
        restore(model=Scenario, actor=mia, code="S99", number=2, version=3)
    with pytest.raises(NotFound):
        restore(model=Scenario, actor=mia, code="S99", number=9, version=4)


def test_there_is_no_way_back_to_a_rule_on_a_retired_field(mia):
    field = make_custom_field(key="score", kind="number")
    make_scenario(code="S1", rule=rule(ask("attributes.score", ">", 5)))
    update(model=Scenario, actor=mia, code="S1", version=1, values={"rule": FIRST})
    field.delete()
    with pytest.raises(Invalid, match="attributes.score"):
        restore(model=Scenario, actor=mia, code="S1", number=1, version=2)
    assert Scenario.objects.get(code="S1").version == 2


def test_the_page_shows_two_versions_side_by_side(manager, changed):
    page = manager.get("/scenarios/S99/versions/?old=1&new=2")
    assert [row.record for row in page.context["difference_table"].rows] == [
        {
            "label": "Rule",
            "old": "At least 80 yuan a month, bill down 30% or more against the mean of the three months before",
            "new": "At least 120 yuan a month, bill down 30% or more against the mean of the three months before",
        }
    ]
    newest = manager.get("/scenarios/S99/versions/?old=x&new=77")
    assert (newest.context["old"].number, newest.context["new"].number) == (2, 3)
    assert [row.record["label"] for row in newest.context["difference_table"].rows] == ["Rest between hits", "Owner"]
    answer = manager.post("/scenarios/S99/restore/", {"number": "1", "version": "3"})
    assert answer.headers["Location"] == "/scenarios/S99/"
    assert Scenario.objects.get().rule == FIRST


def test_who_may_not_edit_sees_no_way_back(client, changed, lin):
    client.force_login(lin)
    page = client.get("/scenarios/S99/versions/?old=1&new=3")
    assert (page.status_code, page.context["may_restore"]) == (200, False)
    assert client.post("/scenarios/S99/restore/", {"number": "1", "version": "3"}).status_code == 403
