"""The one way in for facts: every source is read, checked, landed or quarantined here."""
