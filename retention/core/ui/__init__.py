"""Building blocks of pages: formats, components, charts, tables, filters, error pages."""
