"""Numeric features of a table. Learnt on training rows only, stored, and applied to any other rows.

Numbers and dates stay one feature each; a narrow category becomes an indicator for each level; a wide one becomes the
rate of its level (shrunk to the mean, and for training rows computed without their own fold) and the level's size.
Every feature names the source columns that receive its contribution.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from analytics.churn.learners.columns import (
    EXCLUDED_AUC,
    Column,
    Dropped,
    Kind,
    Suspect,
    classify_column,
    find_suspects,
    numbers,
)

# Weight of the mean against a level's own rate, in rows.
SHRINK = 20.0
LIMIT = 1e30  # fits into float32


@dataclass(frozen=True)
class Feature:
    label: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Which columns are used and how. shares: pairs of number columns a, b compared as a / (|a| + |b|)."""

    columns: tuple[Column, ...]
    dropped: tuple[Dropped, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    shares: tuple[tuple[str, str], ...] = ()
    rates: dict[str, list[float]] = field(default_factory=dict)
    sizes: dict[str, list[float]] = field(default_factory=dict)

    @property
    def factors(self) -> list[str]:
        """Source columns, in the order of the factor numbers."""
        return [column.name for column in self.columns]

    @property
    def features(self) -> list[Feature]:
        own = [feature for column in self.columns for feature in _features_of(column)]
        return own + [Feature(f"{a} against {b}", (a, b)) for a, b in self.shares]

    def factor_shares(self) -> np.ndarray:
        """The share of each feature's contribution per factor: (features, factors)."""
        place = {name: number for number, name in enumerate(self.factors)}
        found = np.zeros((len(self.features), len(place)))
        for row, feature in enumerate(self.features):
            for source in feature.sources:
                found[row, place[source]] = 1 / len(feature.sources)
        return found

    def with_shares(self, shares: Sequence[tuple[str, str]]) -> Self:
        return replace(self, shares=tuple(shares))

    def matrix(self, frame: pd.DataFrame) -> np.ndarray:
        """The features of every row, float32, column by column in memory. KeyError when a column is missing."""
        return self._stack(frame, {})

    def _stack(self, frame: pd.DataFrame, rates: dict[str, np.ndarray]) -> np.ndarray:
        """rates: for wide categories, a rate for each row in place of its level's."""
        found = np.empty((len(frame), len(self.features)), dtype=np.float32, order="F")
        read: dict[str, np.ndarray] = {}
        place = 0
        for column in self.columns:
            if column.kind == Kind.CATEGORY:
                made = self._of_category(column, frame[column.name], rates.get(column.name))
            else:
                read[column.name] = numbers(frame[column.name], column)
                made = [read[column.name]]
            for values in made:
                found[:, place] = np.clip(values, -LIMIT, LIMIT)
                place += 1
        for a, b in self.shares:
            found[:, place] = share(read[a], read[b])
            place += 1
        return found

    def _of_category(self, column: Column, values: pd.Series, rate: np.ndarray | None) -> list[np.ndarray]:
        codes = level_codes(column, values)
        if column.is_narrow:
            return [(codes == level).astype(np.float32) for level in _indicator_levels(column)]
        if rate is None:
            rate = np.asarray(self.rates[column.name])[codes]
        return [rate, np.asarray(self.sizes[column.name])[codes]]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Self:
        columns = tuple(_column(one) for one in kept["columns"])
        dropped = tuple(Dropped(**one) for one in kept["dropped"])
        suspects = tuple(Suspect(**one) for one in kept["suspects"])
        shares = tuple((a, b) for a, b in kept["shares"])
        return cls(columns, dropped, suspects, shares, kept["rates"], kept["sizes"])


def share(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a / (|a| + |b|): in place of a / b, but bounded, and defined when one of them is 0."""
    total = np.abs(a) + np.abs(b)
    return np.divide(a, total, out=np.full(len(a), np.nan), where=total > 0)


def level_codes(column: Column, values: pd.Series) -> np.ndarray:
    """The index of each cell's level; one past the last for a level unknown to training."""
    place = {level: number for number, level in enumerate(column.levels)}
    unseen = len(column.levels)
    codes, distinct = pd.factorize(values)
    of_distinct = [place.get(str(value), unseen) for value in distinct]
    return np.array([*of_distinct, place.get("", unseen)], dtype=np.int64)[codes]  # a blank has code -1: the last one


def learn_plan(frame: pd.DataFrame, label: np.ndarray, seed: int, groups: np.ndarray | None = None) -> Plan:
    """Classify every column of the training rows. Columns that leak the label are left out and reported."""
    found = [classify_column(str(name), frame[name]) for name in frame.columns]
    suspects = find_suspects(frame, label, found, seed, groups)
    leaks = {suspect.column for suspect in suspects if suspect.auc >= EXCLUDED_AUC}
    columns = tuple(one for one in found if isinstance(one, Column) and one.name not in leaks)
    dropped = [one for one in found if isinstance(one, Dropped)]
    decisive = [
        Dropped(one.name, "decides the label alone") for one in found if isinstance(one, Column) and one.name in leaks
    ]
    return Plan(columns, (*dropped, *decisive), tuple(suspects))


def _column(kept: dict[str, Any]) -> Column:
    return Column(kept["name"], Kind(kept["kind"]), tuple(kept["levels"]), kept["day_first"])


def training_matrix(plan: Plan, frame: pd.DataFrame, label: np.ndarray, fold: np.ndarray) -> tuple[Plan, np.ndarray]:
    """The plan with the rates of wide categories learnt, and the features of the training rows.

    fold: a number for each row; a row's own rates come from the other folds only.
    """
    rates, sizes, own = {}, {}, {}
    for column in plan.columns:
        if column.kind != Kind.CATEGORY or column.is_narrow:
            continue
        codes = level_codes(column, frame[column.name])
        count = len(column.levels) + 1
        rates[column.name] = _rates(codes, label, count).tolist()
        sizes[column.name] = np.bincount(codes, minlength=count).astype(float).tolist()
        own[column.name] = np.empty(len(frame))
        for number in np.unique(fold):
            inside = fold == number
            own[column.name][inside] = _rates(codes[~inside], label[~inside], count)[codes[inside]]
    learnt = replace(plan, rates=rates, sizes=sizes)
    return learnt, learnt._stack(frame, own)


def _rates(codes: np.ndarray, label: np.ndarray, count: int) -> np.ndarray:
    mean = label.mean()
    hits = np.bincount(codes, weights=label, minlength=count)
    return (hits + SHRINK * mean) / (np.bincount(codes, minlength=count) + SHRINK)


def _indicator_levels(column: Column) -> range:
    """Levels that get an indicator; one of a binary category."""
    return range(1, 2) if len(column.levels) == 2 else range(len(column.levels))


def _features_of(column: Column) -> list[Feature]:
    if column.kind != Kind.CATEGORY:
        return [Feature(column.name, (column.name,))]
    if column.is_narrow:
        return [
            Feature(f"{column.name} = {column.levels[level]}", (column.name,)) for level in _indicator_levels(column)
        ]
    return [Feature(f"{column.name}: rate", (column.name,)), Feature(f"{column.name}: size", (column.name,))]
