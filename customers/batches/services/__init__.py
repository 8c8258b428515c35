"""Writes of batches: accept, load, release, discard; single rows."""
