from analytics.churn.models import (
    CHURNED,
    COMPETING,
    EXCLUDED,
    LearnerContest,
    Meaning,
    ModelVersion,
    OutcomeDefinition,
    OutcomeStatus,
    ScoringChunk,
    ScoringRun,
)
from analytics.groups.models import GroupLevel, GroupNight, GroupPart, GroupRisk, GroupSign
from analytics.kpis.models import KpiValue
from analytics.monitoring.models import (
    AlarmKind,
    ProposalReason,
    RetrainProposal,
    WatchNight,
    WatchThreshold,
    WatchValue,
)
from analytics.outcomes.models import FactorGain, OutcomeCount, RiskBand
from analytics.valuation.models import Experiment, LeavingRate, Treatment, TreatmentKind, ValueTerms
from analytics.warnings.models import ListDelivery, ListResult, WarningEntry, WarningList

__all__ = [
    "CHURNED",
    "COMPETING",
    "EXCLUDED",
    "AlarmKind",
    "Experiment",
    "FactorGain",
    "OutcomeStatus",
    "GroupLevel",
    "GroupNight",
    "GroupPart",
    "GroupRisk",
    "GroupSign",
    "KpiValue",
    "LearnerContest",
    "LeavingRate",
    "ListDelivery",
    "ListResult",
    "Meaning",
    "ModelVersion",
    "OutcomeCount",
    "OutcomeDefinition",
    "ProposalReason",
    "RetrainProposal",
    "RiskBand",
    "ScoringChunk",
    "ScoringRun",
    "Treatment",
    "TreatmentKind",
    "ValueTerms",
    "WarningEntry",
    "WarningList",
    "WatchNight",
    "WatchThreshold",
    "WatchValue",
]
