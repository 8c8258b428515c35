"""The warning list, the monthly lists frozen from it (每月月初预警), and orders opened from lists."""
