"""Endpoints by which an API client manages its webhooks."""
