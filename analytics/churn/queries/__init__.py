"""Reads of the churn model: label definitions, label SQL, tables for the learner, stored models."""
