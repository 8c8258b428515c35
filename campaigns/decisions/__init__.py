"""Decisions: an offer put to a customer, his answer, and what the billing system made of it (rows W12, B2)."""
