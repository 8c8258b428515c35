"""Models that are quick to learn, for tests of what is done with a model."""

import pytest

from analytics.churn.learners.settings import PartName, Settings
from analytics.churn.services import training

FEW_TREES = Settings(parts=(PartName.TREES,), folds=2, depths=(2,), trees=60, shares=0)


def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of any kind is a few small trees, learnt from three months with five leavers."""
    monkeypatch.setattr(training, "MONTHS", 3)
    monkeypatch.setattr(training, "ENOUGH_LEAVERS", 5)
    monkeypatch.setattr(training, "settings_of", lambda kind, base: FEW_TREES)
