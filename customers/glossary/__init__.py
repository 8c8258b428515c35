"""The field catalogue as pages: each field with its meaning, its values over the base and by branch, and its users."""
