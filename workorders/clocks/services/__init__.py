"""Writes of clocks: set with every move, reckoned anew when a calendar changes, told to people."""
