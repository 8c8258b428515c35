"""The field catalogue as SQL: date windows, one SELECT per source, tables as of a past date."""
