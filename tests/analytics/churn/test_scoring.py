"""Scoring in chunks claimed from Postgres: shared, resumed, and the same whoever does it."""

import threading
import time
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from analytics.churn.models import ModelVersion
from analytics.churn.queries import dataset
from analytics.churn.services import scoring, versions
from analytics.declarations import SCORING
from customers.profile.models import SubscriberProfile
from customers.profile.services import build_profile
from customers.risk.models import RiskScore
from retention.core.jobs.chunks import join_open_runs
from retention.core.jobs.models import ChunkedRun
from tests.learning import few_trees

UNTIL = date(2026, 11, 20)


@pytest.fixture
def scorable(monkeypatch):
    """A small operator with a champion, its profiles built, and chunks so small that there are many."""
    few_trees(monkeypatch)
    monkeypatch.setattr(scoring, "LINES_PER_CHUNK", 60)
    call_command("simulate", subscribers=400, days=240, daily_days=31, until=UNTIL, seed=5, verbosity=0)
    build_profile(as_of=UNTIL)
    versions.train(as_of=UNTIL)
    return ModelVersion.objects.champion()


def scores() -> list[tuple]:
    kept = RiskScore.objects.order_by("subscriber_id")
    return list(kept.values_list("subscriber_id", "probability", "decile", "tier", "reasons", "themes"))


def scoring_run() -> ChunkedRun:
    return ChunkedRun.objects.get(kind=SCORING)


@pytest.mark.django_db
def test_everybody_in_use_is_scored_once_with_reasons_that_add_up(scorable):
    rows, written = scoring.score_base(as_of=UNTIL, version=scorable)
    found = scores()
    assert rows == written == len(found) == sum(len(frame) for frame in dataset.to_score(as_of=UNTIL))
    for _line, probability, decile, _tier, reasons, themes in found:
        log_odds = sum(themes.values())
        assert 1 / (1 + 2.718281828**-log_odds) == pytest.approx(probability, abs=0.02)
        assert 1 <= decile <= 10
        assert len(reasons) == 5
        assert [one["contribution"] for one in reasons] == sorted((r["contribution"] for r in reasons), reverse=True)
    assert scoring.score_base(as_of=UNTIL, version=scorable) == (rows, 0)
    assert scores() == found


@pytest.mark.django_db
def test_a_run_that_broke_off_goes_on_with_the_chunks_that_are_left(scorable, monkeypatch):
    whole, done = scoring.record_scores, []

    def until_the_third(**kwargs: object) -> int:
        if len(done) == 2:
            raise RuntimeError("the machine went away")
        done.append(kwargs)
        return whole(**kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(scoring, "record_scores", until_the_third)
        with pytest.raises(RuntimeError):
            scoring.score_base(as_of=UNTIL, version=scorable)
    broken = scoring_run()
    assert broken.finished_at is None
    assert scoring.sketch_of(as_of=UNTIL) is None
    unscored = broken.chunks.filter(round=scoring.SCORE_ROUND, done_at=None)
    left = unscored.count()
    assert left == broken.chunks.filter(round=scoring.SCORE_ROUND).count() - 2

    claimed = []
    monkeypatch.setattr(scoring, "record_scores", lambda **kwargs: claimed.append(1) or whole(**kwargs))
    rows, _written = scoring.score_base(as_of=UNTIL, version=scorable)
    assert len(claimed) <= left
    assert scoring_run() == broken
    assert RiskScore.objects.count() == rows
    assert scoring.sketch_of(as_of=UNTIL)["rows"] == rows


@pytest.mark.django_db(transaction=True)
def test_workers_that_join_share_the_chunks_and_nothing_is_done_twice(scorable, monkeypatch):
    alone = scoring.score_base(as_of=UNTIL, version=scorable)
    expected = scores()
    RiskScore.objects.all().delete()
    ChunkedRun.objects.all().delete()

    whole, by_thread = scoring.record_scores, {}
    barrier = threading.Barrier(2, timeout=30)

    def noted(**kwargs: object) -> int:
        me = threading.get_ident()
        if me not in by_thread:
            by_thread[me] = []
            barrier.wait()  # neither may do all of them before the other has begun
        by_thread[me].append(int(kwargs["frame_or_rows"]["subscriber_id"].iloc[0]))
        return whole(**kwargs)

    monkeypatch.setattr(scoring, "record_scores", noted)

    def help_out() -> None:
        try:
            while not join_open_runs():
                time.sleep(0.01)
        finally:
            connection.close()

    helper = threading.Thread(target=help_out)
    helper.start()
    together = scoring.score_base(as_of=UNTIL, version=scorable)
    helper.join(60)
    assert len(by_thread) == 2
    starts = sum(by_thread.values(), [])
    scored = scoring_run().chunks.filter(round=scoring.SCORE_ROUND)
    assert len(starts) == len(set(starts)) == scored.exclude(rows=0).count()
    assert together[0] == alone[0]
    assert scores() == expected
    assert join_open_runs() == 0


@pytest.mark.django_db
def test_a_line_that_fell_silent_loses_its_place_in_the_list(scorable):
    scoring.score_base(as_of=UNTIL, version=scorable)
    line = SubscriberProfile.objects.exclude(risk_tier=None).first()
    SubscriberProfile.objects.filter(pk=line.pk).update(silent=True, risk_scored_on=date(2026, 11, 19))
    scoring.score_base(as_of=UNTIL, version=scorable)
    line.refresh_from_db()
    assert (line.risk_probability, line.risk_tier, line.expected_gain) == (None, None, None)


@pytest.mark.django_db
def test_a_champion_that_cannot_score_leaves_the_last_scores(scorable):
    scoring.score_base(as_of=UNTIL, version=scorable)
    before = scores()
    ModelVersion.objects.update(checksum="0" * 64)
    told = versions.score(as_of=UNTIL)
    assert "damaged" in told.missing
    assert told.rows == 0
    assert scores() == before
