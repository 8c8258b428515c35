"""The churn model: its labels, its learner, training, scoring and the pages of its versions."""
