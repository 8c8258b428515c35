"""Nightly and monthly figures, alarms on them, and proposals to retrain."""
