"""Pages of the churn model: monitor and versions."""
