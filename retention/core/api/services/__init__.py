"""Writes of the API: clients and keys, rate limits, signatures of requests."""
