"""Who is changed by a treatment: learners of uplift, and whether their ranking beats that of a response model. Pure."""
