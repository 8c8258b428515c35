"""Tables of the warning list and the monthly lists."""
