"""Pages of the agent's console."""
