"""Reads of the care calendar."""
