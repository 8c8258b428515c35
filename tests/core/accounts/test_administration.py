import pytest
from django.urls import reverse

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.audit.models import AuditEntry
from tests.factories import make_job

LISTS = [
    "core_user",
    "core_branch",
    "core_team",
    "core_auditentry",
    "core_job",
]
READ_ONLY = ["core_branch", "core_auditentry", "core_job"]


@pytest.fixture
def administrator(client, ada):
    client.force_login(ada)
    return client


def listing(name: str) -> str:
    return reverse(f"admin:{name}_changelist")


@pytest.mark.parametrize("name", LISTS)
def test_the_administrator_opens_every_list(administrator, team, name):
    make_job()
    answer = administrator.get(listing(name))
    assert answer.status_code == 200
    assert "css/admin.css" in answer.text


@pytest.mark.parametrize("name", READ_ONLY)
def test_what_others_keep_is_only_read_here(administrator, name):
    assert administrator.get(reverse(f"admin:{name}_add")).status_code == 403
    assert administrator.post(reverse(f"admin:{name}_add"), {}).status_code == 403


def test_nobody_rewrites_the_trail(administrator, ada):
    entry = audit.record(actor=ada, action="staff.change", target="user:x")
    for page in ("change", "delete"):
        url = reverse(f"admin:core_auditentry_{page}", args=[entry.pk])
        assert administrator.post(url, {"target": "forged", "post": "yes"}).status_code == 403
    assert AuditEntry.objects.filter(target="user:x").exists()


@pytest.mark.parametrize("who", ["ana", "sam", "mia", "lin"])
def test_other_roles_are_kept_out(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/admin/").status_code == 302
    assert client.get(listing("core_user")).status_code == 302


def change(client, person, **given):
    fields = {
        "username": person.username, "role": person.role, "branch": person.branch.pk, "language": "en",
        "theme": "system", "is_active": "on",
    }  # fmt: skip
    return client.post(reverse("admin:core_user_change", args=[person.pk]), fields | given)


def test_a_person_made_administrator_may_enter_and_one_made_agent_no_longer(administrator, ada, mia):
    assert change(administrator, mia, role="administrator").status_code == 302
    mia.refresh_from_db()
    assert (mia.is_staff, mia.is_superuser) == (True, True)
    change(administrator, mia, role="agent")
    mia.refresh_from_db()
    assert (mia.role, mia.is_staff, mia.is_superuser) == ("agent", False, False)
    entries = AuditEntry.objects.filter(action="staff.change", target="user:mia")
    assert [entry.actor for entry in entries] == [ada, ada]
    assert "role" in entries[0].detail["changed"]


def test_a_new_person_is_made_with_role_and_branch(administrator, branches):
    data = {
        "username": "eve", "usable_password": "true", "password1": "a-long-enough-one",
        "password2": "a-long-enough-one", "role": "agent", "branch": branches.city.pk,
    }  # fmt: skip
    assert administrator.post(reverse("admin:core_user_add"), data).status_code == 302
    eve = User.objects.get(username="eve")
    assert (eve.role, eve.branch, eve.is_staff) == ("agent", branches.city, False)
    assert "a-long-enough-one" not in str(AuditEntry.objects.get(target="user:eve").detail)


def test_people_are_made_inactive_never_deleted(administrator, mia):
    assert administrator.post(reverse("admin:core_user_delete", args=[mia.pk]), {"post": "yes"}).status_code == 403


def test_roles_and_switch_offs_are_in_the_trail_before_and_after(administrator, mia):
    change(administrator, mia, role="agent", is_active="")
    entry = AuditEntry.objects.filter(action="staff.change", target="user:mia").latest("pk")
    assert entry.detail["moved"] == {"role": ["manager", "agent"], "is_active": [True, False]}


def test_a_reset_of_a_password_is_in_the_trail(administrator, ada, mia):
    url = reverse("admin:auth_user_password_change", args=[mia.pk])
    new = "quite-another-long-one"
    answer = administrator.post(url, {"password1": new, "password2": new, "usable_password": "true"})
    assert answer.status_code == 302
    entry = AuditEntry.objects.get(action="staff.password")
    assert (entry.actor, entry.target, entry.detail) == (ada, "user:mia", {"how": "reset"})


def test_ones_own_new_password_is_in_the_trail(client, mia):
    client.force_login(mia)
    new = "quite-another-long-one"
    form = {"old_password": "tests-only-password", "new_password1": new, "new_password2": new}
    assert client.post(reverse("core:password"), form).status_code == 302
    assert AuditEntry.objects.get(action="staff.password").detail == {"how": "changed"}
