"""The pages of people: who sees whom, who may give which role, first passwords, stale forms, hostile values."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from retention.core.accounts.models import User
from retention.core.accounts.services import staff as accounts
from retention.core.administration.services import Seen, StaleRow
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, Refused
from retention.core.staff import services
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
PEOPLE, NEW = "/administration/people/", "/administration/people/new/"


@pytest.fixture
def administrator(client, ada):
    client.force_login(ada)
    return client


def page(name: str, person: User) -> str:
    return reverse(f"core:{name}", args=[person.username])


def names(answer) -> set[str]:
    return {row.record.username for row in answer.context["table"].rows}


def filled(answer, **given):
    """What the browser would send of the form on the page."""
    form = answer.context["form"]
    sent = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False):
            sent[field.html_name] = [getattr(one, "pk", one) for one in value] if field.name == "teams" else value
    return sent | given


@pytest.mark.parametrize(("who", "seen"), [
    ("ada", {"ada", "mia", "sam", "ana", "lin", "otto"}),
    ("mia", {"ada", "mia", "sam", "ana", "lin", "otto"}),
    ("sam", {"sam", "ana"}),
])  # fmt: skip
def test_a_supervisor_sees_the_own_group_a_manager_the_own_branch(
    client, request, ada, mia, sam, ana, lin, otto, who, seen
):
    client.force_login(request.getfixturevalue(who))
    assert names(client.get(PEOPLE)) == seen


def test_a_manager_of_a_city_does_not_see_the_province(client, branches, ana, otto, mia):
    client.force_login(make_user(username="cleo", role="manager", branch=branches.city))
    assert names(client.get(PEOPLE)) == {"cleo", "ana"}
    assert client.get(page("person", ana)).status_code == 200
    assert client.get(page("person", otto)).status_code == 404
    assert client.get(page("person", mia)).status_code == 404


@pytest.mark.parametrize(("query", "found"), [
    ("role=agent", {"ana", "otto"}),
    ("branch=P1-C1", {"ana", "sam"}),
    ("team=T1", {"ana", "sam"}),
    ("active=no", {"otto"}),
    ("signed_in=30", {"sam"}),
    ("signed_in=never", {"ana", "otto", "ada"}),
    ("q=AN", {"ana"}),
    ("role=nonsense", {"ana", "otto", "sam", "ada"}),
])  # fmt: skip
def test_filters_of_people(administrator, ana, sam, otto, standing_clock, query, found, ada):
    otto.is_active = False
    otto.save()
    User.objects.filter(pk=sam.pk).update(last_login=NOW - timedelta(days=31))
    User.objects.filter(pk__in=[ada.pk]).update(last_login=None)
    assert names(administrator.get(f"{PEOPLE}?{query}")) == found


def make_eve(client, branches, **given):
    values = {
        "username": "eve",
        "last_name": "Adams",
        "role": "agent",
        "branch": branches.city.pk,
        "language": "zh-hans",
    }
    return client.post(NEW, values | given)


def test_a_new_person_gets_a_password_that_opens_only_the_page_for_the_own_one(administrator, client, branches, team):
    answer = make_eve(administrator, branches, teams=[team.pk])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = re.search(r'id="new-password"\s+value="([^"]+)"', answer.text).group(1)
    eve = User.objects.get(username="eve")
    assert (eve.role, eve.branch, list(eve.teams.all()), eve.is_staff) == ("agent", branches.city, [team], False)
    assert password not in str(list(AuditEntry.objects.values_list("detail", flat=True)))

    client.logout()
    assert client.post("/login/", {"username": "eve", "password": password}).status_code == 302
    assert client.get("/work/").headers["Location"] == "/me/password/"
    assert client.get("/work/", headers={"HX-Request": "true"}).status_code == 204
    assert client.post("/me/theme/", {"theme": "dark"}).status_code == 302
    refused = client.post("/customers/S1/phone/", {}, headers={"Sec-Fetch-Dest": "empty"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "own_password_first")
    assert client.get("/me/password/").status_code == 200
    same = {"old_password": password, "new_password1": password, "new_password2": password}
    assert "新密码不能与当前密码相同" in client.post("/me/password/", same).text
    assert client.get("/work/").headers["Location"] == "/me/password/"
    own = {
        "old_password": password,
        "new_password1": "quite-another-long-one",
        "new_password2": "quite-another-long-one",
    }
    client.post("/me/password/", own)
    assert client.get("/work/").status_code == 200
    eve.refresh_from_db()
    assert eve.must_change_password is False


@pytest.mark.parametrize("name", ["ana", "ANA", "a b", "é", "a/b", "", "x" * 151])
def test_a_user_name_that_is_taken_or_cannot_stand_in_an_address_makes_nobody(administrator, branches, ana, name):
    before = User.objects.count()
    assert make_eve(administrator, branches, username=name).status_code in {409, 422}
    assert User.objects.count() == before


def test_only_administrators_make_and_change_people(client, request, ana, branches, otto):
    for who in ("ana", "sam", "mia", "lin"):
        client.force_login(request.getfixturevalue(who))
        assert make_eve(client, branches).status_code == 403
        for name in ("person-edit", "person-switch", "person-unlock", "person-password"):
            assert client.post(page(name, otto), {"to": "off", "role": "administrator"}).status_code == 403
    otto.refresh_from_db()
    assert (otto.role, otto.is_active) == ("agent", True)
    assert not User.objects.filter(username="eve").exists()


def test_a_service_called_by_a_manager_gives_no_role(mia, ana, branches):
    values = {"role": "administrator", "branch": branches.city}
    with pytest.raises(Refused):
        services.create_person(actor=mia, username="eve", values=values, now=NOW)
    with pytest.raises(Refused):
        services.change_person(
            actor=mia, username="ana", values={"role": "manager"}, seen=Seen({"role": "agent"}), now=NOW
        )


def test_nobody_changes_the_own_role_branch_or_groups(administrator, ada, team):
    form = administrator.get(page("person-edit", ada)).context["form"]
    assert set(form.fields) & {"role", "branch", "teams"} == set()
    sent = filled(administrator.get(page("person-edit", ada)), last_name="Byron", role="agent", teams=[team.pk])
    assert administrator.post(page("person-edit", ada), sent).status_code == 302
    ada.refresh_from_db()
    assert (ada.last_name, ada.role, ada.teams.count()) == ("Byron", "administrator", 0)
    with pytest.raises(Refused):
        services.change_person(actor=ada, username="ada", values={"teams": [team]}, seen=Seen({"teams": []}), now=NOW)
    for name in ("person-switch", "person-password"):
        assert administrator.post(page(name, ada), {"to": "off"}).status_code == 403
    ada.refresh_from_db()
    assert ada.is_active


def test_the_last_administrator_stays_whatever_the_way(ada, mia, branches):
    ada.role = "agent"
    with pytest.raises(Invalid) as refused:
        accounts.save_staff(user=ada, actor=mia, changed=["role"], now=NOW)
    assert refused.value.code == "last_one"
    with pytest.raises(Invalid):
        accounts.create_staff(username="ada", role="agent", branch="P1", password="a-long-enough-one", now=NOW)
    assert User.objects.get(username="ada").role == "administrator"


def test_who_has_just_lost_the_role_takes_it_from_nobody(ada, branches):
    bob = make_user(username="bob", role="administrator", branch=branches.province)
    stale = User.objects.get(pk=bob.pk)
    services.change_person(
        actor=ada, username="bob", values={"role": "agent"}, seen=Seen({"role": "administrator"}), now=NOW
    )
    with pytest.raises(Refused):
        services.change_person(
            actor=stale, username="ada", values={"role": "agent"}, seen=Seen({"role": "administrator"}), now=NOW
        )
    assert User.objects.get(username="ada").role == "administrator"


def test_two_who_edit_one_person_see_both_versions_and_keep_what_each_changed(administrator, ana, ada):
    first = filled(administrator.get(page("person-edit", ana)))
    services.change_person(
        actor=ada, username="ana", values={"last_name": "Wang"}, seen=Seen({"last_name": ""}), now=NOW
    )
    answer = administrator.post(page("person-edit", ana), first | {"first_name": "Anna"})
    assert answer.status_code == 409
    rows = [row.record for row in answer.context["conflict"].rows]
    assert [(row["label"], row["sent"], row["stored"], row["is_own"]) for row in rows] == [
        ("Last name", "–", "Wang", False),
        ("First name", "Anna", "–", True),
    ]
    assert "ada" in answer.text
    ana.refresh_from_db()
    assert ana.first_name == ""
    known = answer.context["stored"]
    again = first | {"first_name": "Anna", "known": known, "merge": "1"}
    assert administrator.post(page("person-edit", ana), again).status_code == 302
    ana.refresh_from_db()
    assert (ana.first_name, ana.last_name) == ("Anna", "Wang")


def test_a_third_version_in_between_is_a_conflict_again(ana, ada):
    with pytest.raises(StaleRow):
        services.change_person(
            actor=ada, username="ana", values={"last_name": "Li"},
            seen=Seen(base={"last_name": "Wu"}, known={"last_name": "He"}), now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("seen", ["", "{", "[]", "9" * 5000, "[" * 5000, '{"last_name": 1}', "null"])
def test_what_was_seen_cannot_be_made_up(administrator, ana, seen):
    sent = filled(administrator.get(page("person-edit", ana)), last_name="Li", seen=seen)
    assert administrator.post(page("person-edit", ana), sent).status_code == 409


def test_a_save_that_changes_nothing_leaves_no_trace(administrator, ana):
    sent = filled(administrator.get(page("person-edit", ana)))
    assert administrator.post(page("person-edit", ana), sent).status_code == 302
    assert not AuditEntry.objects.filter(action="staff.change", target="user:ana").exists()


def test_deactivation_and_return_and_their_history(administrator, ana, ada, client, sam):
    assert administrator.post(page("person-switch", ana), {"to": "off"}).status_code == 302
    ana.refresh_from_db()
    assert ana.is_active is False
    administrator.post(page("person-switch", ana), {"to": "on"})
    entries = AuditEntry.objects.filter(action="staff.change", target="user:ana").order_by("pk")
    assert [(one.actor, one.detail["changes"]) for one in entries] == [
        (ada, {"is_active": [True, False]}),
        (ada, {"is_active": [False, True]}),
    ]
    client.force_login(sam)
    history = [row.record for row in client.get(page("person", ana)).context["history"].rows]
    assert [(row["who"], row["before"], row["after"]) for row in history] == [
        ("ada", "no", "yes"),
        ("ada", "yes", "no"),
    ]


def test_deactivation_follows_up_in_the_same_transaction(ana, ada, monkeypatch):
    followed = []
    monkeypatch.setitem(accounts.STAFF_FOLLOW_UPS, "test", lambda user, now: followed.append((user.username, now)))
    services.set_active(actor=ada, username="ana", active=False, now=NOW)
    assert followed == [("ana", NOW)]


def test_a_reset_password_ends_the_sessions(administrator, ana, django_user_model):
    from django.test import Client

    other = Client()
    other.force_login(ana)
    assert other.get("/work/").status_code == 200
    answer = administrator.post(page("person-password", ana))
    assert answer.status_code == 200
    assert other.get("/work/").headers["Location"].startswith("/login/")
    ana.refresh_from_db()
    assert ana.must_change_password
    entry = AuditEntry.objects.get(action="staff.password")
    assert (entry.target, entry.detail) == ("user:ana", {"how": "reset"})


def test_a_locked_sign_in_is_shown_found_and_opened(administrator, ana, sam):
    from axes.models import AccessAttempt
    from django.utils import timezone

    AccessAttempt.objects.create(
        username="ana", failures_since_start=5, attempt_time=timezone.now(), ip_address="192.0.2.1"
    )
    assert names(administrator.get(f"{PEOPLE}?active=locked")) == {"ana"}
    assert "Unlock the sign-in" in administrator.get(page("person", ana)).text
    assert administrator.post(page("person-unlock", ana)).status_code == 302
    assert names(administrator.get(f"{PEOPLE}?active=locked")) == set()


def test_names_are_shown_as_text(administrator, ana):
    ana.last_name = "<script>alert(1)</script>"
    ana.save()
    for url in (PEOPLE, page("person", ana), page("person-edit", ana)):
        assert "<script>alert(1)" not in administrator.get(url).text


def test_pages_of_people_are_chinese(administrator, ada, ana):
    ada.language = "zh-hans"
    ada.save()
    administrator.cookies["django_language"] = "zh-hans"
    html = administrator.get(page("person", ana)).text
    assert "重置密码" in html
    assert "停用" in html
    assert "重置密码？原密码立即失效" in html
    assert "系统管理" in administrator.get("/administration/").text


def test_the_index_offers_what_the_role_may_open(client, request):
    found = {}
    for who in ("ada", "mia", "sam"):
        client.force_login(request.getfixturevalue(who))
        answer = client.get("/administration/")
        found[who] = "/administration/people/" in answer.text, "/admin/" in answer.text
    assert found == {"ada": (True, True), "mia": (True, False), "sam": (True, False)}
    for who in ("ana", "lin"):
        client.force_login(request.getfixturevalue(who))
        assert client.get("/administration/").status_code == 403


def test_json_of_what_was_seen_is_that_of_the_row(administrator, ana, team):
    form = administrator.get(page("person-edit", ana)).context["form"]
    assert json.loads(form["seen"].value()) == {
        "last_name": "", "first_name": "", "email": "", "role": "agent", "branch": "P1-C1", "teams": ["T1"],
        "language": "en",
    }  # fmt: skip


def test_a_name_taken_between_form_and_save_is_a_conflict(ada, ana, branches):
    with pytest.raises(Conflict):
        services.create_person(actor=ada, username="Ana", values={"role": "agent", "branch": branches.city}, now=NOW)
