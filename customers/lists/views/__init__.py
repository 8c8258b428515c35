"""Pages of customer lists: what each does, the entries with their history, and the lists that managers keep."""
