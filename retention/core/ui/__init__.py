"""What pages are made of: formats, components, charts, tables, filters, error pages."""
