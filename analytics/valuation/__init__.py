"""Customer value: margin lifetime value, save rates of treatments and the expected gain of a contact."""
