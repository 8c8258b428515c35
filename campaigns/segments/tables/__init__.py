from campaigns.segments.tables.grids import MatrixGrid, MigrationGrid
from campaigns.segments.tables.links import lines_url, moved_url
from campaigns.segments.tables.lists import BandTable, CellFlowTable, ExclusionTable, FlowTable, SegmentLinesTable

__all__ = [
    "BandTable",
    "CellFlowTable",
    "ExclusionTable",
    "FlowTable",
    "MatrixGrid",
    "MigrationGrid",
    "SegmentLinesTable",
    "lines_url",
    "moved_url",
]
