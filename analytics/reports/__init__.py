"""Tables of the base for managers: one ListPage a report, see docs/recipes/add-a-report.md."""
