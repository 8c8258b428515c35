"""Writes of telephony: calls are placed and hung up, their events recorded, agents say where they sit."""
