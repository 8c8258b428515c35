"""Events for other systems: written with the change itself, delivered in order, with retries."""
