"""Inspections of enterprise customers: plans, the routes of each day, and what service the firms get."""
