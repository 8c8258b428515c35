"""The tabs above all churn pages, and the base of their lists."""
