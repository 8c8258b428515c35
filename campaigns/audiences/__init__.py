"""Audiences: the rule language, its form builder, and counts of whom a rule means."""
