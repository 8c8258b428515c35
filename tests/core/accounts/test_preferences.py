import pytest

from retention.core.audit.models import AuditEntry
from tests.factories import PASSWORD


def test_a_language_is_kept_with_the_person_and_the_browser(client, mia):
    client.force_login(mia)
    answer = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/me/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me/")
    assert answer.cookies["django_language"].value == "zh-hans"
    mia.refresh_from_db()
    assert mia.language == "zh-hans"
    assert AuditEntry.objects.get(action="preference.change").detail == {"language": "zh-hans"}


def test_anyone_may_choose_the_language_of_the_sign_in_page(client, db):
    answer = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/login/"})
    assert answer.headers["Location"] == "/login/"
    assert answer.cookies["django_language"].value == "zh-hans"


@pytest.mark.parametrize("data", [{"language": "tlh"}, {}])
def test_a_language_there_is_not_changes_nothing(client, mia, data):
    client.force_login(mia)
    assert "django_language" not in client.post("/i18n/setlang/", data).cookies
    mia.refresh_from_db()
    assert mia.language == "en"


@pytest.mark.parametrize("path", ["/i18n/setlang/", "/me/theme/"])
def test_the_way_back_is_only_ever_ours(client, mia, path):
    client.force_login(mia)
    data = {"language": "en", "theme": "dark", "next": "https://elsewhere.example/"}
    assert client.post(path, data).headers["Location"] == "/"
    assert client.get(path).status_code == 405


def test_the_theme_is_kept_and_drawn_by_the_server(client, mia):
    client.force_login(mia)
    client.post("/me/theme/", {"theme": "dark", "next": "/me/"})
    assert 'data-bs-theme="dark"' in client.get("/me/").text
    client.post("/me/theme/", {"theme": "pink"})
    mia.refresh_from_db()
    assert mia.theme == "dark"


def test_all_preferences_are_saved_together(client, mia):
    client.force_login(mia)
    answer = client.post("/me/", {"language": "zh-hans", "theme": "light"})
    assert answer.headers["Location"] == "/me/"
    assert answer.cookies["django_language"].value == "zh-hans"
    mia.refresh_from_db()
    assert (mia.language, mia.theme, mia.shortcuts) == ("zh-hans", "light", False)


def test_saving_what_is_already_so_leaves_no_trace(client, mia):
    client.force_login(mia)
    client.post("/me/", {"language": "en", "theme": "system", "shortcuts": "on"})
    assert not AuditEntry.objects.exists()


def test_a_wrong_choice_comes_back_with_the_page_unchanged(client, mia):
    client.force_login(mia)
    assert client.post("/me/", {"language": "tlh", "theme": "light"}).status_code == 422
    mia.refresh_from_db()
    assert mia.theme == "system"


def test_the_page_says_who_one_is(client, ana, team):
    client.force_login(ana)
    text = client.get("/me/").text
    for part in ("ana", "Agent", "Harbour City", "First group", "简体中文"):
        assert part in text


def test_a_password_is_changed_by_knowing_the_old_one(client, mia):
    client.force_login(mia)
    new = "a-much-longer-one"
    wrong = {"old_password": "guess", "new_password1": new, "new_password2": new}
    assert client.post("/me/password/", wrong).status_code == 200
    assert client.post("/me/password/", wrong | {"old_password": PASSWORD}).headers["Location"] == "/me/"
    mia.refresh_from_db()
    assert mia.check_password(new)
