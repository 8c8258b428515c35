"""The lists of the offer pages, and the tables of one line."""
