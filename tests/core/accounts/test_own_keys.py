import html
import json
import re

import pytest

from retention.core.accounts.keys import MOST_KEYS, check_keys
from retention.core.errors import Invalid

JSON = {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"Alt+n": "Alt+j"}, {"Alt+N": "Alt+J"}),
        ({"n": "x", "$mod+k": "Shift+Ctrl+y"}, {"n": "x", "Ctrl+K": "Ctrl+Shift+Y"}),
        ({"Control+s": "F2", "p 1": "X 2", "/": "Shift++"}, {"Ctrl+S": "F2", "p 1": "x 2", "/": "Shift++"}),
        ({"g c": "Alt+Enter", "Backspace": "é"}, {"g c": "Alt+Enter", "Backspace": "é"}),
        ({"Ctrl+Enter": "Control+Enter", "n": "N"}, {}),
        ({}, {}),
    ],
)
def test_keys_are_kept_in_one_written_form(given, kept):
    assert check_keys(given) == kept
    assert check_keys(kept) == kept


REFUSED = {
    "belongs to the browser": ("Ctrl+W", "Control+t", "Meta+n", "F5", "Ctrl+Shift+N", "Ctrl+Space", "Ctrl++"),
    "moves through": ("Tab", "Shift+Tab", "Escape", "Enter", "Space", "Alt+Tab", "ArrowDown"),
    "edits text": ("Ctrl+c", "Meta+V"),
    "is fixed": ("1", "j", "?", "Shift+?", "j x", "g ?", "Backspace"),
    "is no key": ("", " ", "word", "g c d", "Alt+g c", "Alt+", "g  c", "\x00", "\ud800", None, 5, ["n"]),
}


@pytest.mark.parametrize(("own", "why"), [(own, why) for why, keys in REFUSED.items() for own in keys])
def test_a_key_that_cannot_be_chosen_is_named_with_the_reason(own, why):
    with pytest.raises(Invalid, match=why) as refused:
        check_keys({"n": own})
    (detail,) = refused.value.details
    assert detail["field"] == "own"
    assert detail["message"] == refused.value.message


def test_the_reason_names_the_key_as_it_is_written():
    with pytest.raises(Invalid, match="^“Ctrl\\+Shift\\+N” belongs to the browser"):
        check_keys({"n": "Shift+Control+n"})


@pytest.mark.parametrize("default", ["", "word", "a b c"])
def test_what_is_changed_is_a_key_too(default):
    with pytest.raises(Invalid) as refused:
        check_keys({default: "x"})
    assert refused.value.details[0]["field"] == "default"


@pytest.mark.parametrize("given", [None, [], "n", {chr(0x4E00 + place): "x" for place in range(MOST_KEYS + 1)}])
def test_only_so_many_pairs(given):
    with pytest.raises(Invalid) as refused:
        check_keys(given)
    assert refused.value.details[0]["field"] == "keys"


def test_a_person_changes_a_key_and_every_page_of_theirs_knows(client, mia, ana):
    client.force_login(mia)
    assert "data-own-keys" not in client.get("/me/").text
    assert client.post("/me/keys/", {"default": "Alt+n", "own": "Alt+j"}).json() == {"keys": {"Alt+N": "Alt+J"}}
    answer = client.post("/me/keys/", {"default": "n", "own": '"', "user": "ana"})
    assert answer.json() == {"keys": {"Alt+N": "Alt+J", "n": '"'}}
    (shown,) = re.findall('data-own-keys="([^"]*)"', client.get("/me/").text)
    assert json.loads(html.unescape(shown)) == {"Alt+N": "Alt+J", "n": '"'}
    ana.refresh_from_db()
    assert ana.own_keys == {}
    client.force_login(ana)
    assert "data-own-keys" not in client.get("/me/").text


def test_back_to_the_default_leaves_the_others(client, mia):
    client.force_login(mia)
    for default, own in (("n", "x"), ("Alt+n", "Alt+j")):
        client.post("/me/keys/", {"default": default, "own": own})
    assert client.post("/me/keys/", {"default": "Alt+N", "own": ""}).json() == {"keys": {"n": "x"}}
    mia.refresh_from_db()
    assert mia.own_keys == {"n": "x"}


@pytest.mark.parametrize(
    ("data", "field"),
    [({}, "default"), ({"default": "word", "own": "x"}, "default"), ({"default": "n", "own": "Ctrl+W"}, "own")],
)
def test_bad_keys_change_nothing_and_the_answer_names_the_field(client, mia, data, field):
    client.force_login(mia)
    answer = client.post("/me/keys/", data, headers=JSON)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["details"][0]["field"]) == ("bad_keys", field)
    mia.refresh_from_db()
    assert mia.own_keys == {}


def test_the_most_keys_can_still_be_taken_back(client, mia):
    mia.own_keys = {chr(0x4E00 + place): "x" for place in range(MOST_KEYS)}
    mia.save()
    client.force_login(mia)
    assert client.post("/me/keys/", {"default": "n", "own": "x"}, headers=JSON).status_code == 422
    assert client.post("/me/keys/", {"default": "\u4e00", "own": ""}).status_code == 200
    assert client.post("/me/keys/", {"default": "n", "own": "x"}).status_code == 200


def test_nobody_changes_keys_without_signing_in_or_by_reading(client, mia):
    assert client.post("/me/keys/", {"default": "n", "own": "x"}).status_code == 302
    client.force_login(mia)
    assert client.get("/me/keys/").status_code == 405
