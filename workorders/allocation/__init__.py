"""Who may take which orders: skills and languages of agents, rules that reserve orders, absences, the cap of a day."""
