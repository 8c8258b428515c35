"""Training on the database: learn on past month ends, judge on the latest one whose outcome is known."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from django.db.models import Count
from django.utils.translation import gettext_noop

from analytics.churn.learners import fitting, metrics
from analytics.churn.learners.candidates import DEFAULT, LearnerKind, settings_of
from analytics.churn.learners.model import ChurnModel
from analytics.churn.learners.settings import Settings
from analytics.churn.queries import dataset, definitions
from analytics.churn.queries.dataset import COHORTS, features, training_rows
from analytics.churn.queries.definitions import Outcome
from customers.facts.models import Subscriber, UsageMonth
from customers.fields.choices import VOLUNTARY_REASONS, TenureCohort
from customers.profile.queries.windows import months_before
from customers.profile.services import build_snapshot
from retention.core.errors import Invalid

MONTHS = 7
SAMPLE = 40_000
MAX_TRAINED = 150_000
ENOUGH_LEAVERS = 100
FOLDS = 5
CROSS_SECTION = Settings(folds=FOLDS)
SETTINGS = Settings(folds=3, depths=(5,), shares=0, max_rows=MAX_TRAINED)

Month = tuple[date, pd.DataFrame]


@dataclass(frozen=True)
class Recipe:
    """Result of the last model selection: a kind of learner, and the cohorts with a model of their own."""

    kind: LearnerKind = DEFAULT
    own: tuple[int, ...] = ()


@dataclass
class Trained:
    """A model with its out-of-sample predictions. judged: the rows predicted, as from dataset.labelled."""

    model: ChurnModel
    span: dict
    judged: pd.DataFrame
    probability: np.ndarray
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
        return metrics.summary(self.label, self.probability)

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
    """Learn from what is known by `as_of`. Invalid, in a sentence, when there is nothing to learn from."""
    months = known_months(as_of)
    if len(months) >= 2 and sum(int(frame["left"].sum()) for _end, frame in months) >= ENOUGH_LEAVERS:
        return _out_of_time(months, recipe)
    return _cross_section(as_of, recipe)


def known_months(as_of: date, count: int = MONTHS) -> list[Month]:
    """The latest month ends with known outcome by `as_of` and at least one leaver, oldest first, labelled."""
    found = []
    for end in definitions.month_ends(as_of, count):
        if not _usage_known(end):
            continue
        build_snapshot(as_of=end, sample=SAMPLE)
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


def _out_of_time(months: list[Month], recipe: Recipe) -> Trained:
    """Learn on all months but the last, judge on the last."""
    earlier, (judged_on, judged) = months[:-1], months[-1]
    model = learn(earlier, recipe=recipe)
    span = {
        "trained_on": [str(end) for end, _frame in earlier],
        "judged_on": str(judged_on),
        "rows": sum(len(frame) for _end, frame in earlier),
        "leavers": sum(int(frame["left"].sum()) for _end, frame in earlier),
        "judged_rows": len(judged),
    }
    return Trained(model, span, judged, model.probability(features(judged)), recipe)


def _cross_section(as_of: date, recipe: Recipe) -> Trained:
    """A base without history: everyone as they stood the day before most of the leavers left, judged by folds."""
    day = _day_of_leaving(as_of)
    if day is None:
        raise Invalid("No line has left voluntarily yet: there is nothing to learn leaving from.", code="no_leavers")
    snapshot = day - timedelta(days=1)
    build_snapshot(as_of=snapshot)
    frame = dataset.labelled(snapshot=snapshot, outcome=Outcome(gap=0, horizon=(as_of - snapshot).days))
    leavers = int(frame["left"].sum())
    if leavers < 2 or leavers > len(frame) - 2:
        raise Invalid(
            f"Only {leavers} of {len(frame)} lines in use have left: too few to learn from.", code="few_leavers"
        )
    label, table = frame["left"].to_numpy(), features(frame)
    settings = settings_of(recipe.kind, CROSS_SECTION)
    model = fitting.fit(table, label, settings=settings, cohorts=COHORTS)
    said = model.held_out if model.held_out is not None else _by_folds(table, label, leavers, settings)
    judged = np.isfinite(said)
    span = {
        "trained_on": [str(snapshot)],
        "judged_on": None,
        "rows": len(frame),
        "leavers": leavers,
        "judged_rows": int(judged.sum()),
    }
    note = gettext_noop(
        "There is no history to judge by: learnt from who has left by now, judged on folds of the same date."
    )
    return Trained(model, span, frame[judged].reset_index(drop=True), said[judged], recipe, [note])


def _by_folds(table: pd.DataFrame, label: np.ndarray, leavers: int, settings: Settings) -> np.ndarray:
    """Out-of-fold predictions by cross-validation, for when leavers are too few for a fit to keep folds of its own."""
    said = np.zeros(len(label))
    fold = fitting.assign_folds(label.astype(float), min(FOLDS, leavers), settings.seed)
    for number in np.unique(fold):
        inside = fold == number
        model = fitting.fit(table[~inside], label[~inside], settings=settings, cohorts=COHORTS)
        said[inside] = model.probability(table[inside])
    return said


def _day_of_leaving(as_of: date) -> date | None:
    """The day on which most lines left voluntarily, of those up to `as_of`; the earliest of equals."""
    left = Subscriber.objects.filter(terminated_on__lte=as_of, termination_reason__in=VOLUNTARY_REASONS)
    days = left.values("terminated_on").annotate(lines=Count("*")).order_by("-lines", "terminated_on")
    return days.values_list("terminated_on", flat=True).first()
