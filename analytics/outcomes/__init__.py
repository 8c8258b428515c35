"""Outcomes of past month ends: what churn means here, what became of the lines, and what told leavers from stayers."""

from analytics.outcomes.counting import record_outcomes
from analytics.outcomes.definitions import install_definitions, remove_definition, save_definition
from analytics.outcomes.factors import record_factors

__all__ = ["install_definitions", "record_factors", "record_outcomes", "remove_definition", "save_definition"]
