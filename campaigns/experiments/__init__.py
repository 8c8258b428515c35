"""The arithmetic of an experiment before it runs: how large its arms must be to show what. No tables, no pages."""
