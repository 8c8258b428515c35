"""How a process loads: without looking for garbage, and, where it forks to serve pages, with all that pages need."""

import gc
from importlib import import_module

# Loaded by the functions that use them, because each takes a tenth of a second to a second; commands mostly need none.
AT_FIRST_USE = (
    "catboost",
    "pypinyin",
    "rjieba",
    "scipy.stats",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.metrics",
    "statsmodels.stats.inter_rater",
    "statsmodels.stats.meta_analysis",
    "statsmodels.stats.multitest",
    "statsmodels.stats.power",
    "statsmodels.stats.proportion",
)


def begin() -> None:
    """Nearly all that is made while modules load stays: looking through it for garbage costs half a second."""
    gc.disable()


def end() -> None:
    """What is loaded is left out of later collections, so that processes forked from here go on sharing its memory."""
    gc.freeze()
    gc.enable()


def load_libraries() -> None:
    """What is otherwise loaded at first use."""
    for name in AT_FIRST_USE:
        import_module(name)
