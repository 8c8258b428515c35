"""Audiences: the rule language, its form builder, and counts of matching lines."""
