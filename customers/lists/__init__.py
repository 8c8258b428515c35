"""Customer lists (do not disturb, blacklist, red list, false user): entries, permissions, the form."""
