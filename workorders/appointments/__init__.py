"""Appointments of agents: usual times, how full an hour is, and the week at a glance."""
