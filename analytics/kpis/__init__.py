"""Key figures of each branch and day: definitions, nightly recording, reading for the home pages."""
