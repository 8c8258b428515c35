"""Writes of notices: notifying people, reading, e-mail and preferences."""
