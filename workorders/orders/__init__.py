"""Work orders: their states, their trail, and every write that opens or moves them."""
