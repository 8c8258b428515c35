"""A customer calls in: an agent is let in to one who is not theirs, for a while, with a reason that others read."""
