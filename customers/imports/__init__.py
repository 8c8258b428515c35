"""Manual imports: a file is uploaded, its columns are mapped, a preview shows the result, a job loads it.

The mapping made here is the document that `import_facts --mapping` takes, and loading is `customers.ingest.load_file`.
"""
