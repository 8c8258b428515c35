"""Pages of the outcomes and of the factors."""
