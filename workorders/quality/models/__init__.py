"""Tables of quality review."""

from workorders.quality.models.reviews import Calibration, Mark, Review, ReviewQuerySet
from workorders.quality.models.sheets import Draw, SampleRule, ScoreSheet

__all__ = ["Calibration", "Draw", "Mark", "Review", "ReviewQuerySet", "SampleRule", "ScoreSheet"]
