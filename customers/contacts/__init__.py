"""The contact history: every contact asked for over any channel, and its codes in words."""
