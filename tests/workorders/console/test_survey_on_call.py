"""The questionnaire on the call screen."""

from datetime import timedelta

import pytest
from django.urls import reverse

from retention.core import clock
from tests.factories import NOW
from tests.workorders.rows import make_orders
from tests.workorders.surveys.rows import make_asked
from workorders.orders.models import Draft
from workorders.orders.services.claiming import claim_next
from workorders.surveys.models import Response

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def call(floor, client):
    make_asked()
    make_orders(1, team=floor[0])
    order = claim_next(agent=floor[1][0], now=NOW)
    client.force_login(floor[1][0])
    return order


def address(order, name="order"):
    return reverse(f"workorders:{name}", args=[order.order_no])


def fieldset(page, key):
    """The opening tag of a question."""
    text = page.content.decode()
    start = text.index(f'<fieldset data-block="{key}"')
    return text[start : text.index(">", start)]


def test_the_script_replaces_talk_track_and_flat_questions_and_speaks_to_the_customer(client, call):
    page = client.get(address(call))
    text = page.content.decode()
    assert f"Good day {call.customer.name}, about {call.subscriber.plan.name}." in text
    assert "Main reason to leave" not in text and 'class="rp-talk"' not in text
    assert "hidden" not in fieldset(page, "solved")
    assert "hidden" in fieldset(page, "why") and "hidden" in fieldset(page, "words")


def test_a_draft_brings_back_every_answer_and_the_branch(client, call):
    sent = {"note": "n", "answer_solved": "no", "answer_why": ["fee", "network"], "answer_words": "W"}
    assert client.post(address(call, "draft"), sent).status_code == 204
    assert Draft.objects.get().content["answer_why"] == "fee,network"
    page = client.get(address(call))
    assert "hidden" not in fieldset(page, "why")
    text = " ".join(page.content.decode().split())
    for value in ("no", "fee", "network"):
        assert f'value="{value}" data-digit="{1 if value == "fee" else 2}" checked' in text, value
    assert 'name="answer_words" value="W"' in text


def test_what_is_missing_is_said_at_its_question_and_everything_typed_stays(client, call):
    sent = {"disposition": "retained", "note": "n", "answer_solved": "no", "version": call.version}
    page = client.post(address(call, "outcome"), sent)
    assert page.status_code == 422
    text = page.content.decode()
    assert 'id="problem-words"' in text and "In words: please answer." in text
    assert 'aria-describedby="problem-words"' in text
    assert "hidden" not in fieldset(page, "why")
    assert not Response.objects.exists()


def test_saving_writes_the_branch_that_was_taken(client, call):
    sent = {
        "disposition": "retained", "note": "", "version": call.version,
        "answer_solved": "yes", "answer_why": ["fee", "network"], "answer_words": "gone", "answer_mark": "5",
    }  # fmt: skip
    assert client.post(address(call, "outcome"), sent).status_code == 302
    response = Response.objects.get()
    assert list(response.answers.values_list("question", "value")) == [("solved", "yes"), ("mark", "5")]
    assert (response.score, response.possible) == (8, 8)


def test_the_order_shows_what_was_answered_and_what_was_corrected(client, call, boss, floor):
    for minute, answers in enumerate(
        ({"answer_solved": "no", "answer_words": "Twice billed"}, {"answer_solved": "yes"})
    ):
        with clock.freeze(NOW + timedelta(minutes=2 * minute)):
            call.refresh_from_db()
            sent = {"disposition": "retained", "note": "", "version": call.version} | answers
            client.post(address(call, "outcome"), sent)
        with clock.freeze(NOW + timedelta(minutes=2 * minute + 1)):
            client.post(address(call, "reopen"))
    client.force_login(boss)
    text = " ".join(client.get(address(call)).content.decode().split())
    assert "Twice billed" in text and text.count("corrected since, or answered anew") == 2
