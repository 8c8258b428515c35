"""Pages of calendars, of a type's clocks, and the board."""
