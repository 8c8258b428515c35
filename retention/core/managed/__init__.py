"""Rows that managers keep: code, branch, versions, a switch, a history, and pages to make, change and copy them."""
