"""The pages of questionnaires: list, editor, preview, publishing, copies."""

import re

import pytest
from django.urls import reverse

from tests.factories import make_user
from tests.workorders.surveys.rows import BLOCKS, make_asked, make_questionnaire
from tests.workorders.surveys.trees import single, when
from workorders.order_types.models import OrderType
from workorders.surveys.models import Questionnaire, Response, State
from workorders.surveys.problems import problems
from workorders.surveys.services.installation import install_questionnaires
from workorders.surveys.views.pages import LIST

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def ada(client):
    person = make_user(role="administrator")
    client.force_login(person)
    return person


def address(name, *parts):
    return reverse(f"surveys:{name}", args=parts)


def fields_of(page):
    """What a browser would send back of the editor's form, by name."""
    text = page.content.decode()
    form = text[text.index('name="edits"') - 300 :]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            sent[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        sent[name] = body
    for name, body in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body) or re.search(r'<option value="([^"]*)"', body)
        sent[name] = chosen[1]
    return sent


def test_what_ships_is_published_and_has_no_problem(ada, client):
    assert install_questionnaires(now=ada.date_joined) == 5
    assert install_questionnaires(now=ada.date_joined) == 0
    for row in Questionnaire.objects.all():
        assert row.state == State.PUBLISHED and problems(row.as_tree()) == [], row.code
        assert all(block.text and block.text_zh for block in row.as_tree().blocks), row.code
    page = client.get(address("questionnaires"))
    assert "Complaint follow-up" in page.content.decode()


def test_the_editor_gives_back_what_it_was_made_from(ada, client):
    blocks = [
        *BLOCKS,
        single("last", {"value": "x", "label": "X", "goto": "end"}, "y", required_when=when("solved", "no")),
    ]
    row = make_questionnaire(published_at=None, blocks=blocks)
    before = row.as_tree()
    page = client.get(address("edit", row.code))
    answer = client.post(address("edit", row.code), fields_of(page))
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.as_tree() == before


def test_a_new_questionnaire_grows_row_by_row_and_is_published(ada, client):
    made = client.post(address("new"), {"code": "short", "name": "Short", "name_zh": "简短"})
    assert made.url == address("edit", "short")
    sent = fields_of(client.get(made.url)) | {"do": "add"}
    page = client.get(client.post(made.url, sent).url.partition("#")[0])
    assert "Write what the agent says." in page.content.decode()
    assert client.post(address("publish", "short"), {"edits": "2"}).status_code == 302
    assert Questionnaire.objects.get().state == State.DRAFT
    sent = fields_of(page) | {
        "b0-text": "Content?", "b0-c0-value": "yes", "b0-c0-label": "Yes", "b0-c1-value": "no", "b0-c1-label": "No",
    }  # fmt: skip
    assert client.post(made.url, sent).url == address("questionnaire", "short")
    row = Questionnaire.objects.get()
    assert [choice.value for choice in row.as_tree().blocks[0].choices] == ["yes", "no"]
    client.post(address("publish", "short"), {"edits": str(row.edits)})
    row.refresh_from_db()
    assert (row.state, row.version) == (State.PUBLISHED, 1)


def test_rows_move_and_go_and_a_renamed_key_keeps_its_followers(ada, client):
    row = make_questionnaire(published_at=None, blocks=[single("a", "x", "y"), single("b", shown_when=when("a", "x"))])
    edit = address("edit", row.code)
    client.post(edit, fields_of(client.get(edit)) | {"b0-key": "first"})
    row.refresh_from_db()
    assert [one["key"] for one in row.tree["blocks"]] == ["first", "b"]
    assert row.tree["blocks"][1]["shown_when"][0]["question"] == "first"
    client.post(edit, fields_of(client.get(edit)) | {"do": "up:1"})
    row.refresh_from_db()
    assert [one["key"] for one in row.tree["blocks"]] == ["b", "first"]
    assert "is asked only later" in client.get(edit).content.decode()
    client.post(edit, fields_of(client.get(edit)) | {"do": "remove:0"})
    row.refresh_from_db()
    assert [one["key"] for one in row.tree["blocks"]] == ["first"]


def test_two_editors_do_not_overwrite_each_other(ada, client):
    row = make_questionnaire(published_at=None)
    edit = address("edit", row.code)
    mine = fields_of(client.get(edit))
    client.post(edit, mine | {"b1-text": "Theirs"})
    answer = client.post(edit, mine | {"b1-text": "Mine"})
    assert answer.status_code == 409 and "Mine" in answer.content.decode()
    row.refresh_from_db()
    assert row.as_tree().blocks[1].text == "Theirs"


def test_a_published_version_is_edited_as_the_next_one(ada, client):
    row = make_questionnaire()
    assert client.get(address("edit", row.code)).status_code == 302
    assert client.post(address("draft", row.code)).url == address("edit", row.code)
    draft = Questionnaire.objects.get(version=2)
    assert (draft.state, draft.tree) == (State.DRAFT, row.tree)
    client.post(address("discard", row.code), {"edits": draft.edits})
    assert list(Questionnaire.objects.all()) == [row]


def test_a_copy_has_the_rows_of_the_newest_version(ada, client):
    row = make_questionnaire()
    client.post(address("copy", row.code), {"code": "other", "name": "Other"})
    assert Questionnaire.objects.get(code="other").tree == row.tree
    taken = client.post(address("copy", row.code), {"code": "other", "name": "Other"})
    assert taken.status_code == 409


def test_an_order_type_asks_it_and_stops_again(ada, client):
    row = make_asked(type_code="care")
    client.post(address("ask", row.code), {"type": "renewal"})
    assert OrderType.objects.current().get(code="renewal").questionnaire == row.code
    assert "Contract renewal" in client.get(address("questionnaire", row.code)).content.decode()
    client.post(address("ask", row.code), {"type": "renewal", "stop": "1"})
    assert OrderType.objects.current().get(code="renewal").questionnaire is None


def test_the_preview_shows_the_same_rows_and_writes_nothing(ada, client):
    row = make_questionnaire()
    page = client.get(address("preview", row.code, 1))
    text = page.content.decode()
    assert 'name="answer_solved"' in text and "Good day Wang Fang" in text
    assert client.post(address("preview", row.code, 1)).status_code == 405
    assert not Response.objects.exists()


def test_fields_that_cannot_be_read_stay_as_typed(ada, client):
    row = make_questionnaire(published_at=None)
    edit = address("edit", row.code)
    answer = client.post(edit, fields_of(client.get(edit)) | {"b1-c0-score": "many"})
    assert answer.status_code == 422 and "many" in answer.content.decode()
    row.refresh_from_db()
    assert row.edits == 1


def test_the_path_of_pages_begins_at_the_list(ada, client):
    assert reverse(LIST[0]) in client.get(address("questionnaire", make_questionnaire().code)).content.decode()
