"""What the economics of an offer need to know of a line: its value, and what its use costs on other plans."""
