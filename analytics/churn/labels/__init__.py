"""What leaving means (C1, C2), computed from facts set-wise; see `fates` for who carries which label and why."""

from analytics.churn.labels.definitions import as_outcome, month_ends, outcomes_of
from analytics.churn.labels.fates import LABEL, TABLE, find_fates
from analytics.churn.labels.outcome import LEAVING, Outcome

__all__ = ["LABEL", "LEAVING", "TABLE", "Outcome", "as_outcome", "find_fates", "month_ends", "outcomes_of"]
