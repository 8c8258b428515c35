"""Outcomes of past month ends: what churn means here, what became of the lines, and which factors go with leaving."""
