"""After a restore nothing is sent until the opt-outs newer than the restored state have been applied again."""
