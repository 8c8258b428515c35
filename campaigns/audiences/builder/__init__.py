"""The rule builder: a rule as form fields that the server draws, reads back and reshapes, with or without script."""
