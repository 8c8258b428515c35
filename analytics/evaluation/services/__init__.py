"""Experiments evaluated: tables of others here; what writes nothing and reads the database is in queries."""
