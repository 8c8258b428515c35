"""Branches, retention groups and roles: numbers that open exactly their rows, who sees and who changes what."""

import json

import pytest
from django.test import Client

from retention.core.accounts.models import Team
from retention.core.administration.services import Seen
from retention.core.audit.models import AuditEntry
from retention.core.errors import Refused
from retention.core.staff import services
from tests.factories import make_profile, make_subscriber, make_team, make_user
from tests.workorders.rows import make_orders

pytestmark = pytest.mark.django_db
BRANCHES, GROUPS, ROLES = "/administration/branches/", "/administration/groups/", "/administration/roles/"


@pytest.fixture
def administrator(client, ada):
    client.force_login(ada)
    return client


def rows(answer):
    return {row.record.row.code: row.record.counts for row in answer.context["table"].rows}


def found_at(client: Client, address: str) -> int:
    return client.get(address).context["table"].paginator.count


def test_numbers_of_a_branch_include_those_below_and_open_their_rows(administrator, branches, ana, sam, mia, otto):
    for branch in (branches.outlet, branches.outlet, branches.city, branches.other):
        make_profile(subscriber=make_subscriber(branch=branch))
    make_user(username="gone", branch=branches.city, is_active=False)
    assert rows(administrator.get(BRANCHES)) == {
        "P1": {"people": 5, "lines": 4},
        "P1-C1": {"people": 2, "lines": 3},
        "P1-C1-D1": {"people": 0, "lines": 2},
        "P1-C1-D1-O1": {"people": 0, "lines": 2},
        "P1-C2": {"people": 1, "lines": 1},
    }
    assert found_at(administrator, "/administration/people/?branch=P1-C1&active=yes") == 2
    assert found_at(administrator, "/customers/?branch=P1-C1") == 3
    page = administrator.get(BRANCHES).text
    assert "/administration/people/?branch=P1-C1&amp;active=yes" in page
    assert "/customers/?branch=P1-C1-D1-O1" in page


def test_a_manager_of_a_city_sees_its_branches_only(client, branches, otto):
    client.force_login(make_user(role="manager", branch=branches.city))
    assert rows(client.get(BRANCHES)) == {
        "P1-C1": {"people": 1, "lines": 0},
        "P1-C1-D1": {"people": 0, "lines": 0},
        "P1-C1-D1-O1": {"people": 0, "lines": 0},
    }


@pytest.mark.parametrize(("words", "codes"), [
    ("hill", {"P1-C2"}), ("D1-O1", {"P1-C1-D1-O1"}), ("nowhere", set()), ("%", set()),
])  # fmt: skip
def test_branches_are_found_by_name_and_code(administrator, branches, words, codes):
    assert set(rows(administrator.get(BRANCHES, {"q": words}))) == codes


def test_numbers_of_a_group_open_their_rows(administrator, client, branches, team, ana, sam):
    make_orders(3, team=team)
    assert rows(administrator.get(GROUPS)) == {"T1": {"people": 2, "orders": 3}}
    assert found_at(administrator, "/administration/people/?team=T1&active=yes") == 2
    assert found_at(administrator, "/supervise/?team=T1") == 3


def test_a_supervisor_sees_the_own_groups(client, sam, branches):
    make_team(code="T2", branch=branches.other)
    client.force_login(sam)
    page = client.get(GROUPS)
    assert set(rows(page)) == {"T1"}
    assert "/administration/groups/of/" not in page.text


def test_pages_take_a_fixed_number_of_queries(administrator, branches, django_assert_max_num_queries):
    for _ in range(12):
        make_team(branch=branches.city)
    for url in (BRANCHES, GROUPS, ROLES, "/administration/people/"):
        with django_assert_max_num_queries(12):
            administrator.get(url)


def test_a_group_is_made_and_changed_with_history(administrator, branches, ada):
    new = {"code": "T9", "name": "Night group", "name_zh": "夜班组", "branch": branches.city.pk}
    assert administrator.post(f"{GROUPS}new/", new).status_code == 302
    group = Team.objects.get(code="T9")
    edit = f"{GROUPS}of/T9/"
    seen = administrator.get(edit).context["form"]["seen"].value()
    assert json.loads(seen) == {"name": "Night group", "name_zh": "夜班组", "branch": "P1-C1"}
    changed = {"name": "Late group", "name_zh": "夜班组", "branch": branches.other.pk, "seen": seen}
    assert administrator.post(edit, changed).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.branch) == ("Late group", branches.other)
    history = [row.record for row in administrator.get(edit).context["history"].rows]
    assert {(row["change"], row["before"], row["after"]) for row in history} == {
        ("Branch", "Harbour City", "Hill City"),
        ("Name", "Night group", "Late group"),
        ("Created", "–", "–"),
    }


def test_two_who_change_a_group_at_once(administrator, team, ada, branches):
    edit = f"{GROUPS}of/T1/"
    seen = administrator.get(edit).context["form"]["seen"].value()
    services.change_group(actor=ada, code="T1", values={"name": "A"}, seen=Seen({"name": team.name}))
    answer = administrator.post(edit, {"name": "B", "name_zh": "", "branch": branches.city.pk, "seen": seen})
    assert answer.status_code == 409
    team.refresh_from_db()
    assert team.name == "A"


@pytest.mark.parametrize(("code", "status"), [("T1", 422), ("new", 422), ("a b", 422), ("", 422), ("é", 422)])
def test_codes_that_no_group_can_have(administrator, team, branches, code, status):
    sent = {"code": code, "name": "X", "branch": branches.city.pk}
    assert administrator.post(f"{GROUPS}new/", sent).status_code == status
    assert Team.objects.count() == 1


def test_no_manager_changes_a_group(mia, team):
    with pytest.raises(Refused):
        services.change_group(actor=mia, code="T1", values={"name": "A"}, seen=Seen({"name": team.name}))
    with pytest.raises(Refused):
        services.create_group(actor=mia, code="T3", values={"name": "A", "branch": team.branch})
    assert not AuditEntry.objects.filter(action="team.change").exists()


def test_the_page_of_roles_says_what_each_may_and_counts_people(administrator, ana, otto, sam, mia):
    page = administrator.get(ROLES)
    counted = {row.record["code"]: row.record["people"] for row in page.context["roles"].rows}
    assert counted == {"manager": 1, "supervisor": 1, "agent": 2, "analyst": 0, "administrator": 1}
    assert found_at(administrator, "/administration/people/?role=agent&active=yes") == 2
    may = {row.record["name"]: row.record for row in page.context["permissions"].rows}
    edit = may["Make and change people and groups"]
    assert [role for role in counted if edit[role]] == ["administrator"]
    assert all(may["Open the home page"][role] for role in counted)


def test_roles_in_chinese(administrator):
    administrator.cookies["django_language"] = "zh-hans"
    page = administrator.get(ROLES).text
    assert "查看完整号码" in page
    assert "维系主管" in page
