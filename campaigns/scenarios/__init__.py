"""Scenarios: rules that find customers every night or as events arrive, and their hits."""
