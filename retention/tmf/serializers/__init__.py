"""One module for each TM Forum resource: its attributes, filters and example."""
