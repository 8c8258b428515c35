"""Scoring everybody: chunks of lines claimed from Postgres, so that more workers on more machines add up."""

from analytics.churn.scoring.run import join_scoring, score_base, sketch_of

__all__ = ["join_scoring", "score_base", "sketch_of"]
