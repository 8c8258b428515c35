"""Whom a campaign is for (`audiences`), its draw (`drawing`), what it comes to before and while it runs."""
