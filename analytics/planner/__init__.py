"""The campaign planner: what a campaign over chosen lines brings, and the assumptions it rests on."""
