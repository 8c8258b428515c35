"""Grants: users and retention groups that may see a customer because they hold one of its work orders."""
