"""Exports too large to answer at once: written as a job, fetched from a page of their own."""
