"""Group churn 集体离网 and second SIMs 双卡 (C6): which groups may leave together, which lines are half gone."""

from analytics.groups.record import record_groups

__all__ = ["record_groups"]
