"""Lists: the base table, its columns, and exports to CSV and XLSX."""
