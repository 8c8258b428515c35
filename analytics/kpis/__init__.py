from analytics.kpis.catalogue import KPIS, Kpi
from analytics.kpis.record import record_kpis
from analytics.kpis.report import KpiCard, cards, series

__all__ = ["KPIS", "Kpi", "KpiCard", "cards", "record_kpis", "series"]
