"""Writes of work orders. Keyword-only; each is one transaction."""
