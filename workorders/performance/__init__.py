"""What agents and groups have done, by the people who did it and not by those who hold the order now."""
