"""The page on which administrators make API clients, change what they may do, and shut them out."""

import re
from datetime import timedelta

import pytest

from analytics.declarations import RISK_READ
from customers.declarations import FACTS_WRITE
from retention.core import clock
from retention.core.api.models import ApiClient
from retention.core.audit.models import AuditEntry
from tests.api import make_client
from tests.factories import NOW

FORM = {"name": "Billing North", "scopes": ["contacts:read", "risk:read"], "rate_per_second": 50, "burst": 80}


@pytest.fixture
def admin(client, ada):
    client.force_login(ada)
    with clock.freeze(NOW):
        yield client


def shown(page, field):
    return re.search(rf'id="{field}"\s+value="([^"]+)"', page)[1]


def test_the_key_of_a_new_client_is_shown_once_and_works(admin, branches):
    form = FORM | {"branch": branches.city.pk, "allowed_networks": "127.0.0.1\n10.0.0.0/8\n", "require_signature": ""}
    answer = admin.post("/api-clients/create/", form)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    key, secret = shown(answer.text, "new-key"), shown(answer.text, "new-secret")
    made = ApiClient.objects.get(name="Billing North")
    assert (made.scopes, made.branch, made.rate_per_second, made.burst) == (
        ["contacts:read", "risk:read"], branches.city, 50, 80,
    )  # fmt: skip
    assert made.allowed_networks == ["127.0.0.1/32", "10.0.0.0/8"]
    called = admin.get("/api/v1/warnings", headers={"Authorization": f"Bearer {key}"})
    assert called.status_code == 200
    for path in ("/api-clients/", f"/api-clients/{made.pk}/"):
        page = admin.get(path).text
        assert key not in page
        assert secret not in page
        assert key[:12] in page
    assert AuditEntry.objects.get(action="api_client.change").actor.username == "ada"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"name": ""}, "required"), ({"name": "Taken"}, "of this name already"), ({"scopes": []}, "required"),
     ({"scopes": ["all"]}, "not one of"), ({"allowed_networks": "10.0.0.999"}, "neither an address"),
     ({"burst": 10}, "at once at least as many"), ({"rate_per_second": 0}, "greater than or equal to 1")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(admin, wrong, says):
    ApiClient.objects.create(name="Taken", created_at=NOW)
    answer = admin.post("/api-clients/create/", FORM | wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert ApiClient.objects.count() == 1


def test_the_list_tells_what_each_may_do_and_when_it_was_last_used(admin, branches):
    make_client(RISK_READ, branch=branches.city, allowed_networks=["10.0.0.0/8"], last_used_at=NOW)
    gone = make_client(FACTS_WRITE).client
    admin.post(f"/api-clients/{gone.pk}/revoke/")
    page = admin.get("/api-clients/").text
    for part in ("risk:read", "Harbour City", "10.0.0.0/8", "Live", "Revoked", "rk_"):
        assert part in page


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(admin, django_assert_max_num_queries):
    for _client in range(6):
        make_client()
    with django_assert_max_num_queries(10):  # one says, once a minute, that the person is there
        admin.get("/api-clients/")


def test_the_list_is_exported_without_secrets(admin):
    caller = make_client(RISK_READ)
    export = admin.get("/api-clients/?export=csv")
    text = b"".join(export).decode() if export.streaming else export.text
    assert caller.client.name in text
    assert caller.key not in text
    assert AuditEntry.objects.filter(action="export", target="api-clients").exists()


def test_a_change_holds_at_once_and_is_kept_with_what_was_before(admin):
    caller = make_client(FACTS_WRITE)
    form = {"scopes": ["risk:read"], "rate_per_second": 7, "burst": 9, "allowed_networks": ""}
    assert admin.post(f"/api-clients/{caller.client.pk}/change/", form).status_code == 302
    assert caller.get("warnings").status_code == 200
    changes = AuditEntry.objects.filter(action="api_client.change").latest("pk").detail["changes"]
    assert changes == {
        "scopes": [["facts:write"], ["risk:read"]], "rate_per_second": [100, 7], "burst": [200, 9]
    }  # fmt: skip
    before = AuditEntry.objects.count()
    admin.post(f"/api-clients/{caller.client.pk}/change/", form)
    assert AuditEntry.objects.count() == before


def test_a_client_may_be_made_to_sign(admin):
    caller = make_client(RISK_READ)
    form = {"scopes": ["risk:read"], "rate_per_second": 100, "burst": 200, "require_signature": "on"}
    admin.post(f"/api-clients/{caller.client.pk}/change/", form)
    assert caller.get("warnings").json()["error"]["code"] == "signature_missing"
    caller.client.refresh_from_db()
    assert not caller.client.accept_signature_v1
    admin.post(f"/api-clients/{caller.client.pk}/change/", form | {"accept_signature_v1": "on"})
    caller.client.refresh_from_db()
    assert caller.client.accept_signature_v1
    assert "yes, also the older way" in admin.get("/api-clients/").text


def test_a_new_key_is_shown_once_and_the_old_one_ends_a_day_later(admin):
    caller = make_client(RISK_READ)
    page = admin.post(f"/api-clients/{caller.client.pk}/rotate/").text
    newer = shown(page, "new-key")
    assert "24 hours" in page
    assert "Ended" not in admin.get(f"/api-clients/{caller.client.pk}/").text
    with clock.freeze(NOW + timedelta(hours=25)):
        assert caller.get("warnings").status_code == 401
        assert caller.get("warnings", Authorization=f"Bearer {newer}").status_code == 200
        assert "Ended" in admin.get(f"/api-clients/{caller.client.pk}/").text


def test_a_revoked_client_is_shut_out_and_cannot_be_changed_or_given_a_key(admin):
    caller = make_client(RISK_READ)
    path = f"/api-clients/{caller.client.pk}/"
    assert 'data-confirm="Revoke' in admin.get(path).text
    assert admin.post(f"{path}revoke/").status_code == 302
    assert caller.get("warnings").status_code == 401
    assert admin.post(f"{path}rotate/").status_code == 409
    form = {"scopes": ["risk:read"], "rate_per_second": 1, "burst": 1}
    assert admin.post(f"{path}change/", form).status_code == 409
    assert "cannot be changed" in admin.get(path).text


def test_both_languages_have_the_page(admin, ada):
    caller = make_client()
    ada.language = "zh-hans"
    ada.save()
    for path in ("/api-clients/", "/api-clients/new/", f"/api-clients/{caller.client.pk}/"):
        assert admin.get(path).status_code == 200
