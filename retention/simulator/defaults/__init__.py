"""The invented operator: its catalogue, its places and its causes of churn."""
