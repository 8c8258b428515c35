"""What a rule would have found at the last month ends, and how many of those lines left afterwards."""
