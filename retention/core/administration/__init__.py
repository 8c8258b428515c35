"""The administration: its index, whose sections the apps declare, and pages that change one row of any table."""
