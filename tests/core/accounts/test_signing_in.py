import pytest
from django.urls import reverse

from tests.factories import PASSWORD

LOGIN = "/login/"


def sign_in(client, person, **more):
    return client.post(LOGIN, {"username": person.username, "password": PASSWORD, **more})


@pytest.mark.parametrize(("who", "where"), [("ana", "/work/"), ("mia", "/"), ("sam", "/"), ("ada", "/"), ("lin", "/")])
def test_everyone_lands_where_his_day_begins(client, request, who, where):
    answer = sign_in(client, request.getfixturevalue(who))
    assert (answer.status_code, answer.headers["Location"]) == (302, where)


def test_one_goes_on_to_the_page_that_asked_for_the_sign_in(client, mia):
    asked = client.get("/customers/")
    assert asked.headers["Location"] == "/login/?next=/customers/"
    assert sign_in(client, mia, next="/customers/").headers["Location"] == "/customers/"


def test_an_address_elsewhere_is_not_gone_on_to(client, mia):
    assert sign_in(client, mia, next="https://elsewhere.example/").headers["Location"] == "/"


def test_a_wrong_password_stays_on_the_page_and_says_so(client, mia):
    answer = client.post(LOGIN, {"username": mia.username, "password": "no"})
    assert answer.status_code == 200
    assert "Please enter a correct username and password" in answer.text


def test_the_page_is_open_to_anyone_in_both_languages(client):
    assert client.get(LOGIN).status_code == 200
    client.cookies["django_language"] = "zh-hans"
    assert 'lang="zh-hans"' in client.get(LOGIN).text


def test_who_is_signed_in_is_sent_on(client, mia):
    client.force_login(mia)
    assert client.get(LOGIN).status_code == 302


def test_a_browser_without_a_language_takes_the_persons(client, mia):
    mia.language = "zh-hans"
    mia.save()
    assert sign_in(client, mia).cookies["django_language"].value == "zh-hans"


def test_a_language_chosen_before_signing_in_stays(client, mia):
    mia.language = "zh-hans"
    mia.save()
    client.cookies["django_language"] = "en"
    assert "django_language" not in sign_in(client, mia).cookies


def test_signing_out_ends_the_session_and_needs_a_post(client, mia):
    client.force_login(mia)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == reverse("login")
    assert client.get("/me/").status_code == 302
