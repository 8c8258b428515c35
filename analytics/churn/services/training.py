"""Training on the database: learn on past month ends, judge on the latest one whose outcome is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from django.db.models import Count
from django.utils.translation import gettext_noop

from analytics.churn.learners import fitting, metrics
from analytics.churn.learners.candidates import DEFAULT, LearnerKind, settings_of
from analytics.churn.learners.model import ChurnModel
from analytics.churn.learners.plain_rate import AgainstPlainRate
from analytics.churn.learners.settings import Settings
from analytics.churn.models import Meaning, TrainingAttempt
from analytics.churn.queries import dataset, definitions
from analytics.churn.queries.dataset import COHORTS, features, training_rows
from analytics.churn.queries.definitions import Outcome, outcomes_of, windows_overlap
from analytics.churn.services.held_out import against_plain, clean_folds, judge_held_out
from analytics.churn.text import format_problem
from customers.facts.models import Subscriber, UsageMonth
from customers.fields.choices import VOLUNTARY_REASONS, TenureCohort
from customers.profile.queries.windows import months_before
from customers.profile.services import build_snapshot
from customers.profile.services.snapshots import SAMPLE_LINES
from retention.core.errors import Invalid

MONTHS = 7
MAX_TRAINED = 150_000
# Fewer leavers make no model: neither its order nor its mean could be told from chance (docs/decisions/0014).
ENOUGH_LEAVERS = 50
# A month with fewer leavers judges no model alone; the folds of all months do.
ENOUGH_TO_JUDGE = 30
FOLDS = 5
CROSS_SECTION = Settings(folds=FOLDS)
SETTINGS = Settings(folds=3, depths=(5,), shares=0, max_rows=MAX_TRAINED)

Month = tuple[date, pd.DataFrame]


@dataclass(frozen=True)
class Recipe:
    """Result of the last model selection: a kind of learner, and the cohorts with a model of their own."""

    kind: LearnerKind = DEFAULT
    own: tuple[int, ...] = ()


class NothingToLearn(Invalid):
    """Too few leavers. numbers: {"rows", "leavers", "needed"}."""

    def __init__(self, problem: TrainingAttempt.Problem, **numbers: int) -> None:
        super().__init__(format_problem(problem, numbers), code=problem.value)
        self.problem, self.numbers = problem, numbers


@dataclass
class Trained:
    """A model with its out-of-sample predictions. judged: the rows predicted, as from dataset.labelled; plain: the
    predictions, or more of the kind, against the plain rate."""

    model: ChurnModel
    span: dict
    judged: pd.DataFrame
    probability: np.ndarray
    plain: AgainstPlainRate
    recipe: Recipe = Recipe()
    notes: list[str] = field(default_factory=list)

    @property
    def label(self) -> np.ndarray:
        return self.judged["left"].to_numpy(dtype=np.float64)

    @property
    def cohort(self) -> np.ndarray:
        return self.judged["tenure_cohort"].to_numpy()

    @property
    def figures(self) -> dict:
        return metrics.summary(self.label, self.probability) | {"plain_rate": self.plain.as_dict()}

    @property
    def cohorts(self) -> list[dict]:
        """The figures of each tenure cohort that holds both outcomes."""
        found = []
        for cohort in TenureCohort.values:
            inside = self.cohort == cohort
            leavers = int(self.label[inside].sum())
            row = {"cohort": cohort, "rows": int(inside.sum()), "leavers": leavers}
            if 0 < leavers < inside.sum():
                row |= metrics.summary(self.label[inside], self.probability[inside])
            found.append(row)
        return found


def train_model(*, as_of: date, recipe: Recipe = Recipe()) -> Trained:
    """Learn from what is known by `as_of`. NothingToLearn when too few have left."""
    months = known_months(as_of)
    leavers = _leavers(months)
    if leavers < ENOUGH_LEAVERS:
        return _cross_section(as_of, recipe, months)
    judged_on = months[-1][0]
    apart = [month for month in months if not windows_overlap(month[0], judged_on, outcomes_of(Meaning.LEAVES))]
    if _leavers(apart) < ENOUGH_LEAVERS:
        return _by_folds(months, recipe)
    return _out_of_time(apart, months[-1], recipe)


def known_months(as_of: date, count: int = MONTHS) -> list[Month]:
    """The latest month ends with known outcome by `as_of` and at least one leaver, oldest first, labelled."""
    found = []
    for end in definitions.month_ends(as_of, count):
        if not _usage_known(end):
            continue
        build_snapshot(as_of=end, sample=SAMPLE_LINES)
        frame = dataset.labelled(snapshot=end)
        if frame["left"].sum() > 0:
            found.append((end, frame))
    return found


def learn(months: list[Month], *, recipe: Recipe = Recipe(), settings: Settings = SETTINGS) -> ChurnModel:
    """A model fitted and calibrated on these months."""
    frame, label, groups = training_rows(months)
    chosen = settings_of(recipe.kind, settings)
    return fitting.fit(frame, label, settings=chosen, groups=groups, cohorts=COHORTS, own=recipe.own)


def _usage_known(end: date) -> bool:
    """Whether the month of `end` and the three before it hold usage; otherwise its profile has no baseline."""
    month = end.replace(day=1)
    return all(UsageMonth.objects.filter(month=months_before(month, back)).exists() for back in range(4))


def _leavers(months: Sequence[Month]) -> int:
    return sum(int(frame["left"].sum()) for _end, frame in months)


def _out_of_time(earlier: list[Month], last: Month, recipe: Recipe) -> Trained:
    """Learn on the earlier months, whose outcomes lie before those of the last one; judge on the last."""
    judged_on, judged = last
    model = learn(earlier, recipe=recipe)
    span = _span(earlier, judged_on) | {"judged_rows": len(judged)}
    said = model.probability(features(judged))
    if judged["left"].sum() >= ENOUGH_TO_JUDGE:
        rate = span["leavers"] / max(1, span["rows"])
        label, groups = judged["left"].to_numpy(dtype=np.float64), judged["customer_id"].to_numpy()
        plain = AgainstPlainRate.of(label, said, rate=rate, groups=groups)
    else:
        frame, label, groups = training_rows([*earlier, last])
        plain = against_plain(label, clean_folds(frame, label, groups, settings_of(recipe.kind, SETTINGS)), groups)
    return Trained(model, span, judged, said, plain, recipe)


def _by_folds(months: list[Month], recipe: Recipe) -> Trained:
    """Where no later month is apart from the others: all of them, judged by folds that keep a customer together."""
    frame, label, groups = training_rows(months)
    model = learn(months, recipe=recipe)
    rows = pd.concat([one for _end, one in months], ignore_index=True)
    judged, said, plain = judge_held_out(model, frame, label, groups, settings_of(recipe.kind, SETTINGS))
    span = _span(months, None) | {"judged_rows": int(judged.sum())}
    note = gettext_noop("No later month stands apart from those it learnt from: judged on folds of the same months.")
    return Trained(model, span, rows[judged].reset_index(drop=True), said[judged], plain, recipe, [note])


def _cross_section(as_of: date, recipe: Recipe, months: Sequence[Month]) -> Trained:
    """A base without history: everyone as they stood the day before most of the leavers left, judged by folds.

    months: month ends with too few leavers to learn from.
    """
    day = _day_of_leaving(as_of)
    if day is None:
        raise NothingToLearn(TrainingAttempt.Problem.NO_LEAVERS, needed=ENOUGH_LEAVERS)
    snapshot = day - timedelta(days=1)
    build_snapshot(as_of=snapshot)
    rows = dataset.labelled(snapshot=snapshot, outcome=Outcome(gap=0, horizon=(as_of - snapshot).days))
    leavers = int(rows["left"].sum())
    if min(leavers, len(rows) - leavers) < ENOUGH_LEAVERS:
        known = max([(leavers, len(rows)), (_leavers(months), sum(len(frame) for _end, frame in months))])
        raise NothingToLearn(
            TrainingAttempt.Problem.FEW_LEAVERS, leavers=known[0], rows=known[1], needed=ENOUGH_LEAVERS
        )
    frame, label, groups = training_rows([(snapshot, rows)])
    settings = settings_of(recipe.kind, CROSS_SECTION)
    model = fitting.fit(frame, label, settings=settings, groups=groups, cohorts=COHORTS)
    judged, said, plain = judge_held_out(model, frame, label, groups, settings)
    span = _span([(snapshot, rows)], None, known_until=as_of) | {"judged_rows": int(judged.sum())}
    note = gettext_noop(
        "There is no history to judge by: learnt from who has left by now, judged on folds of the same date."
    )
    return Trained(model, span, rows[judged].reset_index(drop=True), said[judged], plain, recipe, [note])


def _span(months: Sequence[Month], judged_on: date | None, *, known_until: date | None = None) -> dict:
    """known_until: the last day of the outcomes, where the operator's definitions do not say."""
    return {
        "known_until": str(known_until or max(one.ends_on(months[-1][0]) for one in outcomes_of(Meaning.LEAVES))),
        "trained_on": [str(end) for end, _frame in months],
        "judged_on": str(judged_on) if judged_on else None,
        "rows": sum(len(frame) for _end, frame in months),
        "leavers": _leavers(months),
    }


def _day_of_leaving(as_of: date) -> date | None:
    """The day on which most lines left voluntarily, of those up to `as_of`; the earliest of equals."""
    left = Subscriber.objects.filter(terminated_on__lte=as_of, termination_reason__in=VOLUNTARY_REASONS)
    days = left.values("terminated_on").annotate(lines=Count("*")).order_by("-lines", "terminated_on")
    return days.values_list("terminated_on", flat=True).first()
