from analytics.models.kpi import KpiValue

__all__ = ["KpiValue"]
