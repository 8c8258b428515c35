import pytest
from django.test import RequestFactory

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
