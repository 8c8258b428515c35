"""Messages of supervisors to the desks of their agents, with a receipt of who has read them."""
