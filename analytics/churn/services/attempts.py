"""Trainings that brought no version that may score: kept, so that nights do not repeat them and pages can say why."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from analytics.churn.models import ModelVersion, TrainingAttempt
from retention.core import clock

Problem = TrainingAttempt.Problem
# A model that was no better than the plain rate is not trained anew every night: a week brings new leavers.
RETRY_AFTER = timedelta(days=7)


def record_attempt(
    *, as_of: date, problem: Problem, numbers: Mapping[str, Any], version: ModelVersion | None = None
) -> TrainingAttempt:
    return TrainingAttempt.objects.create(
        as_of=as_of, tried_at=clock.now(), problem=problem, numbers=dict(numbers), version=version
    )


def tried_lately(*, as_of: date) -> TrainingAttempt | None:
    """The newest training, if it brought a version no better than the plain rate in the week up to `as_of`."""
    newest = TrainingAttempt.objects.exclude(problem=Problem.UNUSABLE).first()
    if newest is None or newest.problem != Problem.NOT_BETTER:
        return None
    return newest if newest.as_of <= as_of < newest.as_of + RETRY_AFTER else None
