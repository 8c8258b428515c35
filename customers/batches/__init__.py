"""Batches of facts from billing systems: accepted at once, loaded by any worker, each one atomically."""
