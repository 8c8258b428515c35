"""Notices: what a person should know, in the pages and by e-mail, whatever part of the product has it to report."""
