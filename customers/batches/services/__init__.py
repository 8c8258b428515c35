"""Batches accepted, loaded and settled; single rows."""
