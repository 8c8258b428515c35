"""The demo operator: loaded once, with two weeks of work and the answers of its billing system."""
