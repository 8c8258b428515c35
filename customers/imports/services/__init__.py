"""Services of imports: files, type detection, mappings, previews, jobs, rejected rows."""
