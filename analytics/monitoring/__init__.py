"""Monitoring of the model in use: drift and realised figures, alarms, proposals to retrain."""
