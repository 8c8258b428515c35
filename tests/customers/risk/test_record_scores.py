import json
from datetime import timedelta

import pandas as pd
import pytest

from customers.risk.models import RiskScore
from customers.risk.services import record_scores
from retention.core.errors import Invalid
from tests.factories import TODAY, make_profile, make_subscriber

REASONS = [{"factor": "voice_in_change", "contribution": 0.8, "value": -0.62}]


def row(subscriber, **given):
    return {
        "subscriber_id": subscriber.pk, "probability": 0.42, "decile": 10, "tier": "high", "cohort": "over_12",
        "expected_gain": 120.5, "reasons": json.dumps(REASONS),
    } | given  # fmt: skip


def store(*rows, as_of=TODAY, version="m1") -> int:
    return record_scores(as_of=as_of, frame_or_rows=list(rows), model_version=version)


def test_a_score_is_stored_and_shown_on_the_profile(db):
    profile = make_profile()
    assert store(row(profile.subscriber)) == 1
    score = RiskScore.objects.get(subscriber=profile.subscriber, as_of=TODAY)
    assert (score.probability, score.tier, score.reasons, score.model_version) == (0.42, "high", REASONS, "m1")
    profile.refresh_from_db()
    assert profile.risk_probability == pytest.approx(0.42)
    assert (profile.risk_decile, profile.risk_tier, profile.risk_scored_on) == (10, "high", TODAY)
    assert str(profile.expected_gain) == "120.50"


def test_a_data_frame_with_text_that_needs_quoting_arrives_whole(db):
    profile = make_profile()
    reasons = [{"factor": "attributes.note", "contribution": 0.1, "value": 'said "no",\n再见'}]
    frame = pd.DataFrame([row(profile.subscriber, reasons=json.dumps(reasons, ensure_ascii=False))])
    frame["tier"] = frame["tier"].astype("category")
    assert record_scores(as_of=TODAY, frame_or_rows=frame, model_version="m1") == 1
    assert RiskScore.objects.get(subscriber=profile.subscriber, as_of=TODAY).reasons == reasons


def test_reasons_may_come_as_lists(db):
    line = make_subscriber()
    store(row(line, reasons=REASONS))
    assert RiskScore.objects.get(subscriber=line, as_of=TODAY).reasons == REASONS


def test_recording_the_same_again_changes_nothing(db):
    lines = [make_profile().subscriber for _ in range(3)]
    assert store(*map(row, lines)) == 3
    assert store(*map(row, lines)) == 0
    assert store(row(lines[0], probability=0.5), *map(row, lines[1:])) == 1
    assert RiskScore.objects.count() == 3


def test_a_late_score_of_an_earlier_day_does_not_replace_what_the_profile_shows(db):
    profile = make_profile()
    store(row(profile.subscriber))
    store(row(profile.subscriber, probability=0.1, tier="low"), as_of=TODAY - timedelta(days=40))
    profile.refresh_from_db()
    assert (profile.risk_tier, profile.risk_scored_on) == ("high", TODAY)
    assert RiskScore.objects.filter(subscriber=profile.subscriber).count() == 2


def test_a_missing_gain_is_stored_as_not_known(db):
    profile = make_profile()
    store(row(profile.subscriber, expected_gain=None))
    profile.refresh_from_db()
    assert profile.expected_gain is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("probability", 1.2),
        ("probability", None),
        ("decile", 11),
        ("tier", "huge"),
        ("cohort", "old"),
        ("subscriber_id", None),
    ],
)
def test_a_value_that_cannot_be_is_named_and_nothing_is_stored(db, field, value):
    profile = make_profile()
    with pytest.raises(Invalid) as error:
        store(row(profile.subscriber, **{field: value}))
    assert [detail["field"] for detail in error.value.details] == [field]
    assert not RiskScore.objects.exists()


def test_two_scores_for_one_line_are_refused(db):
    line = make_subscriber()
    with pytest.raises(Invalid):
        store(row(line), row(line))


def test_a_missing_column_is_named(db):
    with pytest.raises(Invalid, match="reasons"):
        record_scores(as_of=TODAY, frame_or_rows=pd.DataFrame({"subscriber_id": [1]}), model_version="m1")


def test_no_scores_are_no_work(db):
    assert store() == 0


def test_themes_are_kept_and_may_be_left_out(db):
    told, untold = make_subscriber(), make_subscriber()
    themes = {"usage": 0.8, "price": -0.2, "base": -2.5}
    store(row(told, themes=themes), row(untold))
    kept = dict(RiskScore.objects.values_list("subscriber_id", "themes"))
    assert kept == {told.pk: themes, untold.pk: {}}
    frame = pd.DataFrame([row(told, themes=json.dumps({"base": -3}))])
    assert record_scores(as_of=TODAY, frame_or_rows=frame, model_version="m1") == 1
    assert RiskScore.objects.get(subscriber=told).themes == {"base": -3}
