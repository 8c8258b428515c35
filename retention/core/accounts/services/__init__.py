"""Writes of accounts: staff and their preferences, and signing in and out."""
