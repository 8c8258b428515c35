"""What a request without a session is answered: a script is told so, a person is led back to where he was."""

import pytest
from django.test import Client
from django.urls import reverse

from retention.core.accounts import middleware
from tests.factories import PASSWORD


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}, {"Accept": "application/json"}]
)
@pytest.mark.parametrize("path", ["/customers/", "/notices/bell/", "/work/orders/W1/draft/", "/work/orders/W1/beat/"])
def test_a_script_is_told_and_never_led_to_the_sign_in_page(client, db, headers, path):
    for answer in (client.get(path, headers=headers), client.post(path, headers=headers)):
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "signed_out"


def test_a_page_is_led_to_the_sign_in_and_back(client, db):
    assert client.get("/customers/?q=1").url == "/login/?next=/customers/%3Fq%3D1"


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://testserver/work/orders/W1/?tab=2", "/work/orders/W1/%3Ftab%3D2"),
        ("https://elsewhere.example/x", "/"),
        ("", "/"),
    ],
)
def test_a_sent_form_leads_back_to_its_page_not_to_where_it_was_sent(client, db, referrer, back):
    answer = client.post("/work/orders/W1/outcome/", {"note": "x"}, headers={"Referer": referrer})
    assert answer.url == f"/login/?next={back}"


def test_an_open_page_asks_who_is_signed_in_and_gets_the_token_of_now(client, ana, monkeypatch):
    address = reverse("core:session")
    assert client.get(address).json()["person"] == ""
    client.post("/login/", {"username": "ana", "password": PASSWORD})
    first = client.get(address)
    assert (first.json()["person"], len(first.json()["token"])) == ("ana", 64)
    assert "no-store" in first.headers["Cache-Control"]
    later = middleware.time.time() + 61 * 60
    client.get("/me/")
    monkeypatch.setattr(middleware.time, "time", lambda: later)
    assert client.get(address).json()["person"] == ""  # as the next page would find


def test_a_token_of_an_earlier_session_is_said_to_be_that(ana):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    script = strict.post("/notices/read/", headers={"HX-Request": "true"})
    assert (script.status_code, script.json()["error"]["code"]) == (403, "csrf_failed")
    page = strict.post("/notices/read/")
    assert (page.status_code, "Nothing was sent" in page.text) == (403, True)
    token = strict.get(reverse("core:session")).json()["token"]
    assert strict.post("/notices/read/", headers={"X-CSRFToken": token}).status_code == 302
