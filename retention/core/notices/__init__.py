"""Notices to people from all parts of the product, in the pages and by e-mail."""
