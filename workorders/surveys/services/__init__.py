"""Changes of questionnaires, and the saving of what was answered."""
