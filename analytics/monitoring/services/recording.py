"""The nightly watch over the model in use: figures, alarms, proposal. Called once the night's scores stand."""

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from analytics.churn.models import ModelVersion
from analytics.churn.queries.versions import newest_scoring
from analytics.churn.services import scoring
from analytics.churn.text import missing_model
from analytics.monitoring.models import WatchValue
from analytics.monitoring.services import alarms, months, nights
from analytics.monitoring.services.alarms import Figure, install_thresholds, store_values
from analytics.monitoring.services.proposals import propose

M = WatchValue.Measure


@dataclass(frozen=True)
class WatchReport:
    """What a night's watch did. rows: values kept; months: judged; opened, closed: alarms, None when none were judged.

    proposed: proposals to retrain; missing: what could not be watched, and why.
    """

    rows: int = 0
    months: list[str] | None = None
    opened: int | None = None
    closed: int | None = None
    proposed: int | None = None
    missing: str | None = None


def record_monitoring(*, as_of: date) -> WatchReport:
    """Watch the night of `as_of`. Running it again changes nothing.

    Without a champion there is nothing to watch. A night that is older than the newest one watched only adds its
    figures: alarms describe the present.
    """
    champion = ModelVersion.objects.champion()
    if champion is None:
        return WatchReport(missing=missing_model())
    with transaction.atomic():
        install_thresholds()
        rows, figures, missing = _night(as_of, champion)
        more, late, judged = _months(as_of, champion)
        report = WatchReport(rows + more, judged, missing=missing)
        if WatchValue.objects.filter(measure=M.UNSCORED, as_of__gt=as_of).exists():
            return report
        changed = alarms.judge(as_of=as_of, version=champion.version, figures=figures + late)
        proposed = int(propose(as_of=as_of, version=champion.version))
        return replace(report, opened=changed["opened"], closed=changed["closed"], proposed=proposed)


def _night(as_of: date, champion: ModelVersion) -> tuple[int, list[Figure], str | None]:
    counted = scoring.sketch_of(as_of=as_of)
    scored = bool(counted and counted["rows"])
    if _by_another(as_of, champion):
        counted = None
    values, figures = nights.model_figures(as_of=as_of, champion=champion, scored=scored)
    missing = None
    if not champion.reference:
        missing = "the model keeps no reference to hold a night against"
    elif counted and scored:
        more, drifted = nights.score_night(as_of=as_of, champion=champion, counted=counted)
        values |= more
        figures += drifted
    return store_values(values, as_of=as_of, version=champion.version), figures, missing


def _by_another(as_of: date, champion: ModelVersion) -> bool:
    """Whether the night was scored by a version that is no longer the champion: it counted in bins of its own."""
    run = newest_scoring(as_of=as_of)
    return run is not None and run.key != champion.version


def _months(as_of: date, champion: ModelVersion) -> tuple[int, list[Figure], list[str]]:
    rows, figures, judged = 0, [], []
    for end in months.matured(as_of=as_of):
        found_by_version = months.judge(end=end)
        if not found_by_version:
            # None judged: kept, so that it is not looked into every night.
            rows += store_values({(M.ROWS.value, ""): 0.0}, as_of=end, version=champion.version)
            continue
        judged.append(str(end))
        for version, found in found_by_version.items():
            values = months.values_of(found)
            if version == champion.version:
                own = months.figures_of(found, end=end, champion=champion)
                values |= months.lift_lost_values(own)
                figures = own
            rows += store_values(values, as_of=end, version=version)
    return rows, figures, judged
