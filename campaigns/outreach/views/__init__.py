"""Pages of the contact gate: its policy, and why a customer was or was not contacted."""
