"""A cross table and its test. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# The usual rule: no expected count below 1, and at most a fifth of them below 5.
LEAST_EXPECTED, USUAL_EXPECTED, SHARE_BELOW = 1, 5, 0.2


@dataclass(frozen=True)
class CrossTable:
    """p: chance of such a difference if both were independent; None where it cannot be tested. small: expected counts
    are too small for p to be relied on."""

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[int]]
    p: float | None
    small: bool

    @property
    def total(self) -> int:
        return sum(map(sum, self.cells))


def cross_table(
    counts: Mapping[tuple[str, str], int], row_order: Sequence[str], column_order: Sequence[str], *, tested: bool
) -> CrossTable:
    """Values without any response are left out; those that no order names come last. tested: whether each response
    counts once, so that the test holds."""
    # Loading scipy.stats takes most of a second; a process that asks for none does not wait for it.
    from scipy import stats

    rows = _present([row for row, _column in counts], row_order)
    columns = _present([column for _row, column in counts], column_order)
    cells = [[counts.get((row, column), 0) for column in columns] for row in rows]
    if not tested or len(rows) < 2 or len(columns) < 2:
        return CrossTable(rows, columns, cells, None, False)
    result = stats.chi2_contingency(np.array(cells), correction=False)
    expected = np.asarray(result.expected_freq)
    small = bool(expected.min() < LEAST_EXPECTED or (expected < USUAL_EXPECTED).mean() > SHARE_BELOW)
    return CrossTable(rows, columns, cells, float(result.pvalue), small)


def _present(found: Sequence[str], order: Sequence[str]) -> list[str]:
    known = [value for value in order if value in set(found)]
    return known + sorted(set(found) - set(known))
