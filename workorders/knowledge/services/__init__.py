"""Writes of the knowledge base: approval, votes, openings on calls, suggestions, what ships."""
