"""Writes of quality review."""
