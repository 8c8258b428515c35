"""Absences of agents: their orders go to the cover and come back, their promises are listed to be handed over."""
