"""Pages of rules and skills: what nobody fulfils is said before it is saved, and two who edit see both versions."""

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.factories import NOW, make_branch, make_team, make_user
from tests.workorders.allocation.rows import give_skills, make_rule, make_skill
from tests.workorders.rows import make_orders
from workorders.allocation.models import AgentTerms, AllocationRule, Skill
from workorders.allocation.services.skills import install_skills
from workorders.order_types.services import install_order_types

pytestmark = pytest.mark.django_db
NEW, RULES = reverse("allocation:rule-new"), reverse("allocation:rules")


@pytest.fixture
def branch():
    install_order_types()
    return make_branch()


@pytest.fixture
def mia(client, branch):
    mia = make_user(role="manager", branch=branch)
    client.force_login(mia)
    return mia


def sent(branch, **given) -> dict:
    values = {"code": "hard", "name": "Hard ones", "branch": branch.pk, "position": 1, "active": "on", "minutes": 30}
    return values | given


def test_a_rule_that_nobody_can_fulfil_is_flagged_before_it_is_saved(client, mia, branch):
    team, skill = make_team(branch=branch), make_skill()
    given = sent(branch, skill=skill.pk)
    answer = client.post(NEW, given)
    assert answer.status_code == 422
    assert "Nobody fulfils this rule today" in answer.text
    assert 'name="accept"' in answer.text
    assert not AllocationRule.objects.exists()
    give_skills(make_user(role="agent", branch=branch, teams=(team,), is_active=False), skill)
    assert client.post(NEW, given).status_code == 422
    assert client.post(NEW, given | {"accept": "on"}).status_code == 302
    assert AllocationRule.objects.get().skill == skill
    give_skills(make_user(role="agent", branch=branch, teams=(team,)), skill)
    assert client.post(NEW, given | {"code": "second"}).status_code == 302


def test_bad_fields_are_named(client, mia, branch):
    elsewhere = make_team()
    answer = client.post(NEW, sent(branch, spend_from=9, spend_below=5, own_value="x", team=elsewhere.pk, minutes=0))
    assert answer.status_code == 422
    assert {"spend_below", "own_value", "team", "minutes"} <= set(answer.context["form"].errors)
    outside = client.post(NEW, sent(make_branch()))
    assert "branch" in outside.context["form"].errors


def test_two_who_edit_a_rule_while_it_works_see_both_versions(client, mia, branch):
    team = make_team(branch=branch)
    rule = make_rule(branch=branch, minutes=60)
    address = reverse("allocation:rule-edit", args=[rule.code])
    seen = client.get(address).context["form"]["seen"].value() or ""
    make_orders(1, team=team)
    AllocationRule.objects.update(minutes=90)
    answer = client.post(address, sent(branch, minutes=30, seen=seen))
    assert answer.status_code == 409
    assert "90" in answer.text
    assert AllocationRule.objects.get().minutes == 90


def test_a_change_is_kept_and_the_list_says_what_a_rule_does(client, mia, branch):
    team, yue = make_team(branch=branch), make_skill("yue", kind="language", name="Cantonese")
    rule = make_rule(branch=branch, speaks=yue, spend_from=100, team=team, language="yue")
    address = reverse("allocation:rule-edit", args=[rule.code])
    seen = client.get(address).context["form"]["seen"].value() or ""
    given = sent(
        branch, minutes=30, speaks=yue.pk, team=team.pk, language="yue", spend_from=100, seen=seen, accept="on"
    )
    assert client.post(address, given).status_code == 302
    assert AuditEntry.objects.get(action="allocation_rule.change").detail["changes"]["minutes"] == [60, 30]
    page = client.get(RULES).text
    assert "the customer speaks Cantonese" in page
    assert f"to {team.title}, needs Cantonese" in page


def test_rules_of_other_branches_are_out_of_reach(client, mia):
    rule = make_rule(branch=make_branch())
    assert rule.code not in client.get(RULES).text
    assert client.get(reverse("allocation:rule-edit", args=[rule.code])).status_code == 404


def test_skills_ship_once_and_are_changed_by_people(client, mia):
    assert install_skills() > 0
    Skill.objects.filter(code="yue").update(name="Hakka")
    assert install_skills() == 0
    assert (
        client.post(reverse("allocation:skill-new"), {"code": "yue", "name": "X", "kind": "skill"}).status_code == 422
    )
    seen = client.get(reverse("allocation:skill-edit", args=["en"])).context["form"]["seen"].value()
    changed = {"name": "English", "name_zh": "英文", "kind": "language", "seen": seen}
    assert client.post(reverse("allocation:skill-edit", args=["en"]), changed).status_code == 302
    assert (Skill.objects.get(code="en").name_zh, Skill.objects.get(code="en").active) == ("英文", False)


def test_a_supervisor_gives_skills_on_the_page_of_a_person(client, branch):
    team, skill = make_team(branch=branch), make_skill()
    boss = make_user(role="supervisor", branch=branch, teams=(team,))
    ana = make_user(role="agent", branch=branch, teams=(team,))
    client.force_login(boss)
    address = reverse("allocation:agent-edit", args=[ana.username])
    assert client.get(address).status_code == 200 and not AgentTerms.objects.exists(), "reading stores nothing"
    seen = client.get(address).context["form"]["seen"].value() or ""
    assert client.post(address, {"skills": [skill.pk], "daily_cap": 0, "seen": seen}).status_code == 422
    assert client.post(address, {"skills": [skill.pk], "daily_cap": 40, "seen": seen}).status_code == 302
    with clock.freeze(NOW):
        shown = client.get(reverse("core:person", args=[ana.username])).text
    assert skill.title in shown
    assert client.post(address, {"skills": [], "daily_cap": 5, "seen": seen}).status_code == 409
    stranger = make_user(role="agent")
    assert client.get(reverse("allocation:agent-edit", args=[stranger.username])).status_code == 404
