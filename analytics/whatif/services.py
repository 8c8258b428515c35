"""The champion's score of a line, and of the same line with changed factors."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.churn.learners.model import ChurnModel, Explained
from analytics.churn.models import ModelVersion
from analytics.churn.queries import dataset, versions
from analytics.churn.services import score_rows
from analytics.whatif.factors import Factor, strongest
from customers.facts.models import Subscriber
from customers.profile.models import SubscriberProfile
from customers.risk.text.reasons import format_reasons
from customers.risk.text.themes import THEMES, Theme, theme_of

Values = Mapping[str, Any]
REASON_COUNT = 5
LEAST_EFFECT = 0.001  # a tenth of a percentage point
# Of how many lines it is said how many leave: the fewest of which that is more than one.
GROUPS_OF_LINES = (100, 1_000, 10_000)


@dataclass(frozen=True)
class Prediction:
    """One score: probability, tier, its strongest reasons as sentences, contribution per theme (log-odds)."""

    probability: float
    tier: str
    reasons: Sequence[str]
    themes: Mapping[str, float]

    @property
    def effects(self) -> dict[str, float]:
        """{theme: how much higher the probability is than without the theme}, a difference of shares."""
        score = log_odds(self.probability)
        return {key: self.probability - share(score - added) for key, added in self.themes.items()}


@dataclass(frozen=True)
class Subject:
    """A line as the champion sees it: one row, explained. factors: the adjustable ones, strongest first."""

    version: ModelVersion
    model: ChurnModel
    frame: pd.DataFrame
    found: Explained
    factors: Sequence[Factor]

    def prediction(self) -> Prediction:
        return _prediction(self.frame, self.found, self)

    def with_values(self, values: Values) -> Prediction:
        frame = with_changes(self.frame, values)
        return _prediction(frame, self.model.explain(frame), self)

    def chances(self, cases: Sequence[Values]) -> list[float]:
        """The probability of each case, in one call of the model."""
        if not cases:
            return []
        frame = pd.concat([with_changes(self.frame, values) for values in cases], ignore_index=True)
        return [float(one) for one in self.model.probability(frame)]


def subject_of(line: Subscriber) -> Subject | None:
    """The line with its explanation. None without a model, or for an unscored line (no profile, left, or opted out)."""
    version = ModelVersion.objects.champion()
    as_of = SubscriberProfile.objects.filter(pk=line.pk).values_list("as_of", flat=True).first()
    if version is None or as_of is None:
        return None
    frame = scoring_row(line, as_of=as_of)
    if frame.empty:
        return None
    model = versions.load_model(version)
    found = model.explain(frame)
    return Subject(version, model, frame, found, strongest(frame, model, found, version.reference))


def scoring_row(line: Subscriber, *, as_of: Any) -> pd.DataFrame:
    """The line's row as the nightly scoring reads it; no row for a line that is not scored."""
    return dataset.to_score_between(as_of=as_of, low=line.pk, high=line.pk)


def with_changes(frame: pd.DataFrame, values: Values) -> pd.DataFrame:
    """A copy of the one-row frame with other values; None makes a blank."""
    copy = frame.copy()
    for name, value in values.items():
        is_text = not pd.api.types.is_numeric_dtype(frame[name])
        copy[name] = pd.Series([value if value is not None or is_text else np.nan], index=frame.index).astype(
            object if is_text else frame[name].dtype
        )
    return copy


def rows_of_themes(before: Prediction, now: Prediction) -> list[tuple[Theme, float, float]]:
    """(theme, effect before, effect after), strongest after first; themes without effect are left out."""
    earlier = before.effects
    rows = [(THEMES[key], earlier.get(key, 0.0), effect) for key, effect in now.effects.items()]
    return sorted((row for row in rows if max(abs(row[1]), abs(row[2])) >= LEAST_EFFECT), key=lambda row: -row[2])


def leavers_of(before: float, now: float) -> tuple[int, int, int]:
    """(lines, how many of them leave at the one probability, and at the other), in numbers that can be pictured."""
    least = min(before, now)
    lines = next((count for count in GROUPS_OF_LINES if least * count >= 1), GROUPS_OF_LINES[-1])
    return lines, round(before * lines), round(now * lines)


def log_odds(probability: float) -> float:
    held = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(held / (1 - held))


def share(score: float) -> float:
    """The probability of a score in log-odds."""
    return 1 / (1 + math.exp(-score))


def _prediction(frame: pd.DataFrame, found: Explained, subject: Subject) -> Prediction:
    names = subject.model.plan.factors
    places, added = found.top(REASON_COUNT)
    given = [
        {"factor": names[place], "contribution": float(size), "value": _plain(frame[names[place]].iloc[0])}
        for place, size in zip(places[0], added[0], strict=True)
    ]
    themes: dict[str, float] = {}
    for name, size in zip(names, found.contributions[:, 0], strict=True):
        themes[theme_of(name)] = themes.get(theme_of(name), 0.0) + float(size)
    probability = float(found.probability[0])
    tier = str(score_rows.tier_of(np.array([probability]), subject.version.tiers)[0])
    return Prediction(probability, tier, [reason.text for reason in format_reasons(given, for_agent=False)], themes)


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
