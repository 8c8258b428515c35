"""Checks of a source's columns and of the rows of a chunk. No database."""
