"""Churn risk of a line: scores, business reasons and explanations."""
