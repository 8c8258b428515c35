"""Pauses of agents with their reasons: what a person who is signed in and takes no order is at."""
