"""Pages of campaigns: list, plan and calendar, the wizard, the monitor with its moves, members, the hold-out."""
