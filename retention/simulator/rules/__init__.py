"""Behaviour of the simulated operator: who leaves, and what lines, contracts and payments do month by month."""
