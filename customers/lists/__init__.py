"""Customer lists (do not disturb, blacklist, red list, false user): entries, who may change them, the form."""
