"""Health endpoints, heartbeat, and system checks."""
