"""Comparisons and results in words."""
