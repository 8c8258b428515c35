"""What all churn pages share: the tabs above them."""
