"""Quality review: score sheets, samples drawn by rule, reviews and what agents say to them, calibration."""
