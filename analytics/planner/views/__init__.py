"""The planner page and the pages of its assumptions."""
