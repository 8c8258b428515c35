"""Loading facts: readers and mappings of sources, landing, quarantine and progress."""
