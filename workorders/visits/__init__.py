"""Visits by telephone 回访: their history with answers and recordings, and how each kind of visit goes."""
