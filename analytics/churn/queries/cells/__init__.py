"""Cells of text as people write them: numbers, units, dates and outcomes, with notes on what was changed or doubted."""
