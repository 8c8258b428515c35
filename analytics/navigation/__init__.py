"""The tabs above all churn pages."""
