"""The nightly watch over the model in use: figures, alarms, proposal. Called once the night's scores stand."""

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


def record_monitoring(*, as_of: date) -> dict:
    """Watch the night of `as_of`: {"rows": values kept, "opened", "closed": alarms, "proposed", "months": judged}.

    Without a champion there is nothing to watch: {"rows": 0, "missing": why}. A night that is older than the newest one
    watched only adds its figures: alarms describe the present. Running it again changes nothing.
    """
    champion = ModelVersion.objects.champion()
    if champion is None:
        return {"rows": 0, "missing": missing_model()}
    with transaction.atomic():
        install_thresholds()
        rows, figures, report = _night(as_of, champion)
        more, late, judged = _months(as_of, champion)
        report |= {"rows": rows + more, "months": judged}
        if WatchValue.objects.filter(measure=M.UNSCORED, as_of__gt=as_of).exists():
            return report
        report |= alarms.judge(as_of=as_of, version=champion.version, figures=figures + late)
        report["proposed"] = int(propose(as_of=as_of, version=champion.version))
    return report


def _night(as_of: date, champion: ModelVersion) -> tuple[int, list[Figure], dict]:
    counted = scoring.sketch_of(as_of=as_of)
    scored = bool(counted and counted["rows"])
    if _by_another(as_of, champion):
        counted = None
    values, figures = nights.model_figures(as_of=as_of, champion=champion, scored=scored)
    report = {}
    if not champion.reference:
        report["missing"] = "the model keeps no reference to hold a night against"
    elif counted and scored:
        more, drifted = nights.score_night(as_of=as_of, champion=champion, counted=counted)
        values |= more
        figures += drifted
    return store_values(values, as_of=as_of, version=champion.version), figures, report


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
