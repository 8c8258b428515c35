"""The learner: pure functions from tables to models, scores and reasons, without database access."""
