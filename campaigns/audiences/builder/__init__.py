"""The rule builder: a rule as form fields that the server renders, parses and restructures, with or without script."""
