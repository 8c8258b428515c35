"""Reads of offers: for one line, for the lines of one offer, for the library."""
