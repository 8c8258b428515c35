"""Pages of snapshot cohorts: the list, one cohort with what is kept of it, its members, and freezing and allotting."""
