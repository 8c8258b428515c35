"""Correction of many comparisons: Holm (Scandinavian Journal of Statistics 6, 1979), which assumes nothing of them."""

from collections.abc import Sequence


def holm(values: Sequence[float | None]) -> list[float | None]:
    """Each p adjusted for the others; None stays None and counts for nothing."""
    from statsmodels.stats.multitest import multipletests

    known = [value for value in values if value is not None]
    if not known:
        return list(values)
    adjusted = iter(multipletests(known, method="holm")[1])
    return [None if value is None else float(next(adjusted)) for value in values]
