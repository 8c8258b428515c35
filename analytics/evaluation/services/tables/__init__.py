"""Any table of a randomised experiment, evaluated."""

from analytics.evaluation.services.tables.report import evaluate
from analytics.evaluation.services.tables.task import Task

__all__ = ["Task", "evaluate"]
