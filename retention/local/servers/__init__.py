"""The embedded servers from PyPI wheels, for a machine that has neither PostgreSQL nor Valkey."""
