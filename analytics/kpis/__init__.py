"""Key figures of each branch and day (P2): definitions, nightly recording, reading for the home pages."""
