"""REST endpoints for facts: batches, single rows and events."""
