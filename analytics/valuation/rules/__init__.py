"""Worth of a line and the share that a contact saves. No database, no clock."""
