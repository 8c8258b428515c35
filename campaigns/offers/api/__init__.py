"""REST endpoints with which the billing system reads and settles decisions."""
