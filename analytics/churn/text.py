"""Sentences for people about models: what keeps the base from having one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from analytics.churn.models import ModelVersion, TrainingAttempt

SENTENCES = {
    TrainingAttempt.Problem.NO_LEAVERS: gettext_noop(
        "No line has left by choice yet: there is nothing to learn leaving from. A model needs at least %(needed)s"
        " leavers."
    ),
    TrainingAttempt.Problem.FEW_LEAVERS: gettext_noop(
        "Of %(rows)s lines that could be learnt from, only %(leavers)s left by choice afterwards: a model needs"
        " at least %(needed)s leavers, or neither its order nor its mean can be told from chance."
    ),
    TrainingAttempt.Problem.NOT_BETTER: gettext_noop(
        "The model trained on %(leavers)s leavers among %(rows)s lines is no better than the plain rate"
        " (AUC %(auc)s; chance alone reaches %(auc_by_chance)s): it does not score."
    ),
}


def format_problem(problem: str, numbers: Mapping[str, Any]) -> str:
    """Why a training brought no version that may score; numbers as in TrainingAttempt."""
    if problem == TrainingAttempt.Problem.UNUSABLE:
        then = format_problem(numbers["problem"], numbers["numbers"])
        return _("%(version)s cannot score any more: %(why)s %(then)s") % {**numbers, "then": then}
    sentence = SENTENCES.get(TrainingAttempt.Problem(problem))
    return _(sentence) % numbers if sentence else str(numbers.get("text", ""))


def missing_model() -> str:
    """What is missing until a model scores, as a sentence; "" while one does."""
    attempt = TrainingAttempt.objects.standing()
    if attempt is not None:
        return format_problem(attempt.problem, attempt.numbers)
    return "" if ModelVersion.objects.for_registry().champion() else _("No model has been trained yet.")
