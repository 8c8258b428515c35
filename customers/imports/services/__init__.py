"""Work of an import: files kept and recognised, mappings suggested and saved, previews, jobs, rejected rows."""
