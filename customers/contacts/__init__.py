"""The contact history: every contact requested over any channel, and labels of its codes."""
