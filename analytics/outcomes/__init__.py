"""Outcomes of past month ends: definitions of churn, outcome counts, and factors related to leaving."""
