"""What a scenario changed: leaving among those it treated against its hold-out."""
