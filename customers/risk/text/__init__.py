"""Texts about risk: themes, reasons of a score as sentences, explanations of a change."""
