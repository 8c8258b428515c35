import pytest

from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.tuning import tune_scenario
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.managed.services import create, switch, update
from tests.campaigns.rows import SPEND_FELL, ask, make_scenario, rule
from tests.factories import make_user

pytestmark = pytest.mark.django_db
REPORT = {"name": "My rule", "action": Scenario.Action.REPORT_ONLY}


def test_a_new_scenario_is_off_knows_its_facts_and_is_in_the_trail(mia):
    made = create(
        model=Scenario, actor=mia, code="MY-1", values=REPORT | {"rule": rule(ask("arpu", ">", "80"), SPEND_FELL)}
    )
    made.refresh_from_db()
    assert (made.enabled, made.built_in, made.owner, made.needs) == (False, False, mia, ["bills", "payments"])
    assert made.rule["rules"][0]["value"] == 80
    entry = AuditEntry.objects.get(action="scenario.change")
    assert (entry.actor, entry.target) == (mia, "scenario:MY-1")


def test_a_code_is_given_once(mia):
    create(model=Scenario, actor=mia, code="MY-1", values=REPORT | {"rule": rule(SPEND_FELL)})
    with pytest.raises(Conflict):
        create(model=Scenario, actor=mia, code="MY-1", values=REPORT | {"rule": rule(SPEND_FELL)})


def test_a_wrong_rule_is_not_stored(mia):
    with pytest.raises(Invalid):
        create(model=Scenario, actor=mia, code="MY-1", values=REPORT | {"rule": rule(ask("nope", "=", 1))})
    assert not Scenario.objects.exists()


def test_opening_orders_needs_a_type(mia):
    values = REPORT | {"rule": rule(SPEND_FELL), "action": Scenario.Action.OPEN_ORDER}
    with pytest.raises(Invalid):
        create(model=Scenario, actor=mia, code="MY-1", values=values)
    assert create(model=Scenario, actor=mia, code="MY-1", values=values | {"order_type": "care"}).order_type == "care"


def test_a_change_is_a_new_version_and_says_what_was_before(mia):
    scenario = make_scenario(cooldown_days=30)
    changed = update(model=Scenario, actor=mia, code=scenario.code, version=1, values={"cooldown_days": 7})
    assert (changed.version, changed.cooldown_days) == (2, 7)
    assert AuditEntry.objects.get().detail["changes"] == {"cooldown_days": [30, 7]}


def test_saving_without_a_change_is_no_new_version(mia):
    scenario = make_scenario(rule=rule(SPEND_FELL))
    assert (
        update(model=Scenario, actor=mia, code=scenario.code, version=1, values={"rule": rule(SPEND_FELL)}).version == 1
    )
    assert not AuditEntry.objects.exists()


def test_two_who_edit_at_once_do_not_overwrite_each_other(mia):
    scenario = make_scenario()
    update(model=Scenario, actor=mia, code=scenario.code, version=1, values={"note": "mine"})
    with pytest.raises(Conflict):
        update(model=Scenario, actor=mia, code=scenario.code, version=1, values={"note": "yours"})
    scenario.refresh_from_db()
    assert scenario.note == "mine"


def test_numbers_are_tuned_by_name(mia):
    scenario = make_scenario(rule=rule(ask("arpu", ">=", 80, name="mid_value"), SPEND_FELL))
    tuned = tune_scenario(actor=mia, code=scenario.code, version=1, numbers={"mid_value": "100"})
    assert [one["value"] for one in tuned.rule["rules"]] == [100, -0.3]
    with pytest.raises(Invalid):
        tune_scenario(actor=mia, code=scenario.code, version=2, numbers={"mid_value": "much"})


def test_a_scenario_is_switched_on_and_off(mia):
    scenario = make_scenario(enabled=False)
    assert switch(model=Scenario, actor=mia, code=scenario.code, enabled=True).enabled
    switch(model=Scenario, actor=mia, code=scenario.code, enabled=True)
    assert AuditEntry.objects.get().detail["changes"] == {"enabled": [False, True]}
    assert not switch(model=Scenario, actor=mia, code=scenario.code, enabled=False).enabled


def test_a_rule_that_no_longer_holds_cannot_be_switched_on(mia):
    scenario = make_scenario(enabled=False, rule=rule(ask("attributes.gone", "=", "x")))
    with pytest.raises(Invalid):
        switch(model=Scenario, actor=mia, code=scenario.code, enabled=True)


def test_a_manager_decides_for_his_branch_and_not_beyond_it(branches):
    boss = make_user(role="manager", branch=branches.city)
    own, whole = make_scenario(branch=branches.district), make_scenario()
    beside, above = make_scenario(branch=branches.other), make_scenario(branch=branches.province)
    assert update(model=Scenario, actor=boss, code=own.code, version=1, values={"note": "x"}).version == 2
    for scenario in (whole, above):
        with pytest.raises(Refused):
            update(model=Scenario, actor=boss, code=scenario.code, version=1, values={"note": "x"})
    with pytest.raises(NotFound):
        update(model=Scenario, actor=boss, code=beside.code, version=1, values={"note": "x"})
    with pytest.raises(Refused):
        update(model=Scenario, actor=boss, code=own.code, version=2, values={"branch": None})
    with pytest.raises(Refused):
        create(model=Scenario, actor=boss, code="MY-1", values=REPORT | {"rule": rule(SPEND_FELL)})


def test_the_scenarios_of_the_branches_beside_are_not_seen(branches):
    boss = make_user(role="manager", branch=branches.city)
    seen = {make_scenario(branch=at) for at in (None, branches.province, branches.city, branches.outlet)}
    make_scenario(branch=branches.other)
    assert set(Scenario.objects.visible_to(boss)) == seen


@pytest.mark.parametrize("name", ["ana", "sam", "lin"])
def test_who_may_not_edit_is_refused(name, request):
    scenario = make_scenario()
    with pytest.raises((Refused, NotFound)):
        update(model=Scenario, actor=request.getfixturevalue(name), code=scenario.code, version=1, values={"note": "x"})
