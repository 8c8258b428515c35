"""The customer list and the search."""
