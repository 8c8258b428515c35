"""The formal warning list 每月月初预警 (S13): frozen on the first of the month, sent to managers, judged afterwards."""

from analytics.lists.freeze import freeze_list
from analytics.lists.results import count_results

__all__ = ["count_results", "freeze_list"]
