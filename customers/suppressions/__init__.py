"""Opt-outs, withdrawn consents, list entries and closed accesses as a file: applied again after a restore."""
