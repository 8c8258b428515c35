"""What every machine-facing endpoint stands on: who calls, how often, in what shape."""
