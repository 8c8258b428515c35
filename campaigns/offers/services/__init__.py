"""Writes of offers and decisions: editing, proposals to customers, answers of the billing system, default rows."""
