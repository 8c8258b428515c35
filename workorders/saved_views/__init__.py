"""Named filters of a list: kept by a person, shared with a group, opened by default."""
