"""Calls through the operator's telephone switch: dialled from the call screen, followed until they end."""
