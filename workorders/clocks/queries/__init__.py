"""Reads of clocks: which calendar holds, what the law is asked with, the clocks of one order, the board."""
