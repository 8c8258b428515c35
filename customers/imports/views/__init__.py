"""The pages under /imports/: upload a file, map its columns, preview, run, correct rejected rows."""
