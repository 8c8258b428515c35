"""Pages of the warning list and the monthly lists, and orders opened from lists."""
