"""Grants: which people and teams may see a customer because they hold one of its work orders."""
