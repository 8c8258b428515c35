"""Freezing a base, allotting its members to owners, and measuring what is kept at month ends."""
