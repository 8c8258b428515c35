from campaigns.scenarios.tables.funnels import BranchFunnelTable, FunnelTable
from campaigns.scenarios.tables.hits import EndingTable, HitTable, LineHitTable
from campaigns.scenarios.tables.scenarios import BranchNumbersTable, RunTable, ScenarioTable

__all__ = [
    "BranchFunnelTable",
    "BranchNumbersTable",
    "EndingTable",
    "FunnelTable",
    "HitTable",
    "LineHitTable",
    "RunTable",
    "ScenarioTable",
]
