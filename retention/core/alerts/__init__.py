"""Alerts: one table and one life for whatever crosses a threshold. Apps declare kinds, rules and readings."""
