"""What is known of the rows beside treatment and outcome, as numbers; and what should not be taken for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.churn.learners.columns import SUSPECT_AUC, Column, Dropped, Kind, classify_column, find_suspects, numbers
from analytics.churn.learners.features import Plan, level_codes
from analytics.churn.learners.linear import learn_scales

# A column that differs between the arms by more than chance does was changed by the treatment.
UNEVEN_BELOW = 0.001
# Rows that differ from the usual value and all have the outcome: a column that follows from it.
FEWEST_FOLLOWING = 20
SEED = 20_320


@dataclass(frozen=True)
class Covariates:
    """names: of the columns used; matrix: rows x numbers, centred, 0 where blank; notes: what was left out, doubted."""

    names: list[str]
    matrix: np.ndarray
    notes: list[str] = field(default_factory=list)


def read_covariates(typed: pd.DataFrame, code: np.ndarray, outcome: np.ndarray, *, named: bool) -> Covariates:
    """typed: columns that may be used; code: the arm of each row. named: somebody named them as known before the
    treatment; then doubts are said, else a column in doubt is left out.
    """
    found = {str(name): classify_column(str(name), typed[name]) for name in typed.columns}
    doubts = _doubts(typed, found, code, outcome)
    unusable = {name: one.why for name, one in found.items() if isinstance(one, Dropped)}
    unusable |= {
        name: "too many levels"
        for name, one in found.items()
        if isinstance(one, Column) and one.kind == Kind.CATEGORY and not one.is_narrow
    }
    notes = (
        [f"Covariates left out: {', '.join(f'{name} ({why})' for name, why in unusable.items())}."] if unusable else []
    )
    left = {name: why for name, why in doubts.items() if name not in unusable}
    if left and named:
        notes += [
            f"Doubtful: the covariate {name} {why}. Was it known before the treatment?" for name, why in left.items()
        ]
    elif left:
        notes.append(f"Not used to rank: {', '.join(f'{name} ({why})' for name, why in left.items())}.")
    kept = [
        one
        for name, one in found.items()
        if isinstance(one, Column) and name not in unusable and (named or name not in left)
    ]
    return Covariates([one.name for one in kept], _matrix(typed, kept), notes)


def _matrix(typed: pd.DataFrame, columns: Sequence[Column]) -> np.ndarray:
    """Each number raw, as a logarithm and whether it is blank; each level of a category."""
    matrix = Plan(tuple(columns)).matrix(typed)
    scales = learn_scales(matrix)
    forms = [values for place in range(matrix.shape[1]) for _form, values in scales.forms(matrix[:, place], place)]
    return np.column_stack(forms) if forms else np.empty((len(typed), 0))


def _doubts(
    typed: pd.DataFrame, found: dict[str, Column | Dropped], code: np.ndarray, outcome: np.ndarray
) -> dict[str, str]:
    """{column: why it may not have been known before the treatment}."""
    label = _label(outcome)
    doubts: dict[str, str] = {}
    for name, one in found.items():
        if isinstance(one, Dropped):
            continue
        values = level_codes(one, typed[name]) if one.kind == Kind.CATEGORY else numbers(typed[name], one)
        if _uneven(values, code, one) < UNEVEN_BELOW / max(1, len(found)):
            doubts[name] = "differs between the arms"
        elif label is not None and _follows(values, label):
            doubts[name] = "only differs where the outcome is there"
    if label is not None and 0 < label.sum() < len(label):
        for suspect in find_suspects(typed, label.astype(float), list(found.values()), SEED):
            doubts.setdefault(suspect.column, f"tells the outcome too well, AUC {suspect.auc:.2f} of {SUSPECT_AUC}")
    return doubts


def _label(outcome: np.ndarray) -> np.ndarray | None:
    """Rows whose outcome is not the usual one; None where there is none that is usual."""
    distinct, counts = np.unique(outcome, return_counts=True)
    return outcome != distinct[counts.argmax()] if counts.max() >= 0.5 * len(outcome) else None


def _uneven(values: np.ndarray, code: np.ndarray, one: Column) -> float:
    """p that the column is the same in all arms: of levels chi-square, of numbers analysis of variance."""
    # Loading scipy.stats takes most of a second; a process that asks for none does not wait for it.
    from scipy import stats

    arms = range(int(code.max()) + 1)
    if one.kind == Kind.CATEGORY:
        counts = np.array(
            [np.bincount(values[code == arm].astype(int), minlength=int(values.max()) + 1) for arm in arms]
        )
        counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
        return float(stats.chi2_contingency(counts).pvalue) if min(counts.shape) > 1 else 1.0
    known = np.isfinite(values)
    groups = [values[known & (code == arm)] for arm in arms]
    if min(map(len, groups)) < 2 or np.ptp(values[known]) == 0:
        return 1.0
    p = float(stats.f_oneway(*groups).pvalue)
    return p if p == p else 1.0


def _follows(values: np.ndarray, label: np.ndarray) -> bool:
    known = ~np.isnan(values.astype(float))
    if not known.any():
        return False
    distinct, counts = np.unique(values[known], return_counts=True)
    other = ~known | (values != distinct[counts.argmax()])
    return bool(other.sum() >= FEWEST_FOLLOWING and label[other].all())
