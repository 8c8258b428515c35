from analytics.models.kpi import KpiValue
from analytics.models.version import ModelVersion

__all__ = ["KpiValue", "ModelVersion"]
