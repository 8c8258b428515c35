"""What was answered on questionnaires: distributions, scores, cross tables, and the evaluation of visits."""
