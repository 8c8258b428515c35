"""Writes of alerts: judging readings, and what people do with an open alert."""
