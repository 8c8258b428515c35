"""Training, comparing, promoting and scoring with churn models, and the trials that judge the learner."""
