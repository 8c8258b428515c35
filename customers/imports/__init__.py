"""Imports by people: a file is sent, its columns are mapped, a preview shows what would land, a job loads it.

The mapping made here is the document that `import_facts --mapping` takes, and loading is `customers.ingest.load_file`.
"""
