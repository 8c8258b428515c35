"""Definitions of churn, counts of outcomes, and factor tables."""
