"""Pages of segments: the matrix, one cell, the migration, the lines behind a number, and changing a matrix."""
