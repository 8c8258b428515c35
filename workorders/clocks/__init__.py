"""Working calendars, and the clocks of orders: accept, first attempt, right party reached, close."""
