"""Recording absences (`recording`), and what happens to orders (`covering`, `leaving`)."""
