"""Reads of quality review."""
