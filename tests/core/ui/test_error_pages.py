import json

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.utils import translation

from retention.core.errors import database_unavailable
from retention.core.ui import views


@pytest.mark.parametrize(("view", "status"), [(views.forbidden, 403), (views.not_found, 404)])
def test_a_person_gets_a_page_and_a_machine_the_error_shape(db, view, status):
    factory = RequestFactory()
    request = factory.get("/nowhere/")
    page = view(request, Exception())
    assert page.status_code == status
    assert b"<html" in page.content
    answer = view(factory.get("/nowhere/", headers={"Accept": "application/json"}), Exception())
    assert answer.status_code == status
    assert b'"error"' in answer.content


def test_no_page_may_use_the_camera_or_the_place(client, db):
    policy = client.get("/login/").headers["Permissions-Policy"]
    assert {"camera=()", "geolocation=()", "microphone=()", "payment=()"} <= set(policy.split(", "))
    assert client.get("/livez").headers["Permissions-Policy"] == policy


def test_a_page_that_is_not_there_has_the_way_home(client, mia):
    client.force_login(mia)
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text


def test_a_page_of_another_role_says_whom_to_ask(client, ana):
    client.force_login(ana)
    answer = client.get("/jobs/")
    assert answer.status_code == 403
    assert "ask your supervisor or administrator" in answer.text


class Lost:
    """Stands for a cursor of a database that went away."""

    def __call__(self, execute, sql, params, many, context):
        raise OperationalError("server closed the connection unexpectedly")


def test_without_the_database_a_page_says_so_and_when_to_come_back(client, mia):
    client.force_login(mia)
    client.raise_request_exception = False
    with connection.execute_wrapper(Lost()):
        answer = client.get("/customers/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The database does not answer" in answer.text
    assert "<html" in answer.text


PRODUCTS, CUSTOMERS = "/tmf-api/productInventory/v4/product", "/tmf-api/customer/v5/customer"


@pytest.mark.parametrize("path", ["/api/v1/warnings", PRODUCTS])
def test_without_the_database_the_api_answers_503_in_its_own_shape(client, db, path):
    client.raise_request_exception = False
    with connection.execute_wrapper(Lost()):
        answer = client.get(path, headers={"Authorization": "Bearer rk_whatever.whatever"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (answer.json() if path == PRODUCTS else answer.json()["error"])["code"] == "unavailable"


def test_a_full_disk_is_named():
    error = OperationalError("could not extend file")
    error.__cause__ = type("DiskFull", (Exception,), {"pgcode": "53100"})()
    assert database_unavailable(error).code == "disk_full"


@pytest.mark.parametrize("view", [views.forbidden, views.not_found, views.broken])
def test_what_went_wrong_is_told_to_machines_in_their_language(db, view):
    request = RequestFactory().get("/nowhere/", headers={"Accept": "application/json"})
    with translation.override("zh-hans"):
        answer = view(request) if view is views.broken else view(request, Exception())
    assert any("\u4e00" <= sign <= "\u9fff" for sign in json.loads(answer.content)["error"]["message"])


def test_a_fault_of_ours_is_json_for_a_machine_and_no_html(client, db, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("retention.core.api.views.base.ApiView.initial", lambda *args, **kwargs: 1 / 0)
    answer = client.get("/api/v1/warnings")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"


@pytest.mark.parametrize(("path", "named"), [(PRODUCTS, {}), (CUSTOMERS, {"@type": "Error"})])
def test_a_fault_before_a_tm_forum_view_has_the_shape_of_its_version(client, db, monkeypatch, path, named):
    client.raise_request_exception = False
    monkeypatch.setattr("retention.core.middleware.RefuseNul.process_view", lambda *args, **kwargs: 1 / 0)
    answer = client.get(path)
    assert answer.status_code == 500
    assert answer.json() == {"code": "internal_error", "reason": str(views.Broken()), "status": "500"} | named
