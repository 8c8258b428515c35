"""The tables of snapshot cohorts, from which the profile takes up whose member a line is."""
