"""What became of the members of a campaign, by arm. Read-only; one statement a question."""
