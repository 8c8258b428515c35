"""Lines that left and may be won back, and how many days after leaving a call brings most."""
