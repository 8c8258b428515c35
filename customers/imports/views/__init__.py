"""The pages under /imports/: send a file, map its columns, see what would land, run it, correct what did not."""
