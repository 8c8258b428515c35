"""Reads of the knowledge base: searching, what suits a call, figures of use."""
