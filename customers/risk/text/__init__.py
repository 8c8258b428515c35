"""Risk in words: themes, reasons of a score as sentences, explanations of a change."""
