"""What a matrix is (`matrix`), and how it is read from its row (`reader`)."""

from campaigns.segments.rules.matrix import (
    ANY,
    BAND_LIMIT,
    CHOICE,
    LAYERS,
    MARKS,
    NEED,
    NO_MATRIX,
    NUMBER,
    OUTSIDE,
    RULE,
    STABILITY,
    UNKNOWN,
    Band,
    Dimension,
    Exclusion,
    Matrix,
)
from campaigns.segments.rules.reader import read_matrix

__all__ = [
    "ANY",
    "BAND_LIMIT",
    "CHOICE",
    "LAYERS",
    "MARKS",
    "NEED",
    "NO_MATRIX",
    "NUMBER",
    "OUTSIDE",
    "RULE",
    "STABILITY",
    "UNKNOWN",
    "Band",
    "Dimension",
    "Exclusion",
    "Matrix",
    "read_matrix",
]
