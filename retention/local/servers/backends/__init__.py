"""How each embedded server is configured, started and stopped."""
