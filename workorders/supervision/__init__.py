"""The supervisor's board: open orders, agents, and bulk actions on orders."""
