import pytest
from django.contrib import admin
from django.urls import reverse

from retention.core.audit import services as audit
from retention.core.audit.models import AuditEntry
from tests.factories import make_job, make_subscriber

LISTS = READ_ONLY = ["core_auditentry", "core_job"]
OWN_PAGES = ["user", "branch", "team", "contactpolicy", "disposition", "customfield", "listentry"]


@pytest.fixture
def administrator(client, ada):
    client.force_login(ada)
    return client


def listing(name: str) -> str:
    return reverse(f"admin:{name}_changelist")


@pytest.mark.parametrize("name", LISTS)
def test_the_administrator_opens_every_list(administrator, name):
    make_job()
    answer = administrator.get(listing(name))
    assert answer.status_code == 200
    assert "css/admin.css" in answer.text


def test_what_has_pages_of_its_own_has_no_second_door(administrator):
    registered = {model._meta.model_name for model in admin.site._registry}
    assert registered & set(OWN_PAGES) == set()


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


def test_a_line_that_the_trail_names_leads_to_its_page(administrator, ada):
    line = make_subscriber()
    audit.record(actor=ada, action="customer.view", target=line)
    text = administrator.get(listing("core_auditentry")).text
    assert reverse("customers:detail", args=[line.subscriber_no]) in text


@pytest.mark.parametrize("who", ["ana", "sam", "mia", "lin"])
def test_other_roles_are_kept_out(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/admin/").status_code == 302
    assert client.get(listing("core_auditentry")).status_code == 302


def test_ones_own_new_password_is_in_the_trail(client, mia):
    client.force_login(mia)
    new = "quite-another-long-one"
    form = {"old_password": "tests-only-password", "new_password1": new, "new_password2": new}
    assert client.post(reverse("core:password"), form).status_code == 302
    assert AuditEntry.objects.get(action="staff.password").detail == {"how": "changed"}
