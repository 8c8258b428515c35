"""Freezing, counting and delivering the monthly lists."""
