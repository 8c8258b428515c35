"""Reads of a back-test."""
