from analytics.models.groups import GroupLevel, GroupNight, GroupPart, GroupRisk, GroupSign
from analytics.models.kpi import KpiValue
from analytics.models.lists import ListDelivery, ListResult, WarningEntry, WarningList
from analytics.models.outcomes import (
    CHURNED,
    COMPETING,
    EXCLUDED,
    FactorGain,
    Fate,
    Meaning,
    OutcomeCount,
    OutcomeDefinition,
    RiskBand,
)
from analytics.models.scoring import ScoringChunk, ScoringRun
from analytics.models.value import Experiment, LeavingRate, Treatment, TreatmentKind, ValueBand, ValueTerms
from analytics.models.version import LearnerContest, ModelVersion
from analytics.models.watch import (
    AlarmKind,
    RetrainProposal,
    WatchAlarm,
    WatchNight,
    WatchThreshold,
    WatchValue,
)

__all__ = [
    "CHURNED",
    "COMPETING",
    "EXCLUDED",
    "AlarmKind",
    "Experiment",
    "FactorGain",
    "Fate",
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
    "RetrainProposal",
    "RiskBand",
    "ScoringChunk",
    "ScoringRun",
    "Treatment",
    "TreatmentKind",
    "ValueBand",
    "ValueTerms",
    "WarningEntry",
    "WarningList",
    "WatchAlarm",
    "WatchNight",
    "WatchThreshold",
    "WatchValue",
]
