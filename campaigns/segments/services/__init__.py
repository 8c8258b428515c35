"""Placing the lines of a night, keeping month ends, installing what ships, assigning actions."""
