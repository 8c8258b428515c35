"""Circles and candidates for a bundle on pages: a list, the page of a circle, a panel on the page of a line."""
