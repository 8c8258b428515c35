"""The agent's desk and the call screen."""
