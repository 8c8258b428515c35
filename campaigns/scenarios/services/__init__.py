"""Writes of scenarios: editing, the nightly run, reactions to events, outcomes of hits, default rows."""
