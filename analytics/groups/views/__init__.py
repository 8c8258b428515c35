"""Pages of groups and second SIMs, and orders opened from them."""
