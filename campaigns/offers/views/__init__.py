"""Pages of the offer library."""
