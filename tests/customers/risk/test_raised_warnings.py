"""`warning.raised` for the webhooks: once when a line comes into danger."""

from datetime import timedelta

import pytest

from customers.risk.services import record_scores
from retention.core.webhooks.models import OutboxEvent
from tests.core.webhooks.hooks import make_hook
from tests.factories import TODAY, make_subscriber

pytestmark = pytest.mark.django_db


def score(line, tier, day=0):
    row = {
        "subscriber_id": line.pk, "probability": 0.42, "decile": 1, "tier": tier, "cohort": "over_12",
        "expected_gain": None, "reasons": "[]",
    }  # fmt: skip
    record_scores(as_of=TODAY + timedelta(days=day), frame_or_rows=[row], model_version="m1")


@pytest.fixture
def listened():
    return make_hook(events=["warning.raised"]).webhook


def test_a_line_that_comes_into_danger_is_told_once(listened):
    line, calm = make_subscriber(), make_subscriber()
    counts = []
    for day, tier in enumerate(["medium", "high", "high", "critical", "low", "critical"]):
        score(line, tier, day)
        score(calm, "low", day)
        counts.append(listened.deliveries.count())
    assert counts == [0, 1, 1, 1, 1, 2]
    event = listened.deliveries.first().event
    assert (event.subject, event.branch_id) == (line.subscriber_no, line.branch_id)
    assert event.payload == {
        "subscriber_no": line.subscriber_no, "as_of": str(TODAY + timedelta(days=1)), "probability": 0.42,
        "tier": "high", "decile": 1,
    }  # fmt: skip


def test_the_first_score_of_a_line_counts_and_the_same_night_again_does_not(listened):
    line = make_subscriber()
    for _run in range(2):
        score(line, "high")
    assert listened.deliveries.count() == 1


def test_a_night_that_is_scored_late_is_no_news(listened):
    line = make_subscriber()
    score(line, "low", 3)
    score(line, "high", 2)
    assert listened.deliveries.count() == 0


def test_nobody_listens_and_nothing_is_written():
    make_hook(events=["order.closed"])
    score(make_subscriber(), "high")
    assert OutboxEvent.objects.count() == 0
