"""Batches of facts: accepted at once, loaded by whichever worker claims them, each all or nothing."""

from customers.batches.accepting import MOST_ROWS, accept
from customers.batches.loading import is_loading, load_queued
from customers.batches.settling import discard, drop_old_bodies, release

__all__ = ["MOST_ROWS", "accept", "discard", "drop_old_bodies", "is_loading", "load_queued", "release"]
