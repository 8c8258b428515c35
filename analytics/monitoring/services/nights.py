"""The figures of one night: how far it lies from the reference, what was scored, how old the model is."""

from datetime import date, timedelta

from django.db.models import Count
from django.utils import timezone

from analytics.churn.learners import sketch
from analytics.churn.models import ModelVersion
from analytics.monitoring import rules
from analytics.monitoring.models import AlarmKind, WatchNight, WatchThreshold, WatchValue
from analytics.monitoring.queries import model_alarms
from analytics.monitoring.rules import SCORE, Drift, Past
from analytics.monitoring.services.alarms import Figure, Values
from customers.fields.choices import RiskTier
from customers.profile.models import SubscriberProfile

M = WatchValue.Measure
NIGHT_RETENTION_DAYS = 100
FRESH_DAYS = 3


def score_night(*, as_of: date, champion: ModelVersion, counted: sketch.Json) -> tuple[Values, list[Figure]]:
    """The night's drift, blanks and scores, from its sketch in the bins of the champion's reference."""
    WatchNight.objects.update_or_create(
        as_of=as_of, defaults={"version": champion.version, "rows": counted["rows"], "sketch": counted}
    )
    WatchNight.objects.filter(as_of__lt=as_of - timedelta(days=NIGHT_RETENTION_DAYS)).delete()
    place = _place(champion)
    found = rules.drifts(
        champion.reference,
        counted,
        at_place=place is not None and rules.same_place(as_of, place),
        past=_past(as_of, champion.version, place),
    )
    values: Values = {}
    figures: list[Figure] = []
    for name, one in found.items():
        values |= _values_of(name, one)
        figures += _figures_of(name, one, counted["rows"])
    values[(M.MEAN.value, "")] = counted["score_sum"] / counted["rows"]
    return values | _tiers(as_of), figures


def _values_of(name: str, one: Drift) -> Values:
    if name == SCORE:
        values: Values = {(M.SCORE_PSI.value, ""): one.of_reference.psi}
        return values if one.beyond is None else values | {(M.SCORE_DRIFT.value, ""): one.beyond}
    values = {(M.PSI.value, name): one.of_reference.psi, (M.MISSING.value, name): one.of_reference.blank}
    if one.beyond is not None:
        values[(M.DRIFT.value, name)] = one.beyond
    if one.rise is not None:
        values[(M.MISSING_RISE.value, name)] = one.rise
    return values


def _figures_of(name: str, one: Drift, rows: int) -> list[Figure]:
    seen = {"psi": round(one.of_reference.psi, 3)}
    blanks = {"blank": round(one.of_reference.blank, 4), "blank_before": round(one.of_reference.blank_before, 4)}
    if name == SCORE:
        return [] if one.beyond is None else [Figure(AlarmKind.SCORE, "", one.beyond, rows, seen)]
    found = []
    if one.beyond is not None:
        found.append(Figure(AlarmKind.FEATURE, name, one.beyond, rows, seen | blanks))
    if one.rise is not None:
        found.append(Figure(AlarmKind.MISSING, name, one.rise, rows, seen | blanks))
    return found


def _place(champion: ModelVersion) -> date | None:
    """The date of the reference, where it has one."""
    day = champion.reference.get("as_of")
    return date.fromisoformat(day) if day else None


def _past(as_of: date, version: str, place: date | None) -> Past:
    """Calendar effects in earlier nights of this version; features in alarm on those nights are left out."""
    earlier = WatchNight.objects.filter(version=version, as_of__lt=as_of)
    month_ago = earlier.filter(as_of=rules.month_before(as_of)).first()
    before = earlier.filter(as_of__gte=as_of - timedelta(days=FRESH_DAYS)).order_by("-as_of").first()
    return Past(
        month_ago=_quiet_counts(month_ago, version),
        night_before=_quiet_counts(before, version),
        in_bounds=_in_bounds(as_of, version, place),
    )


def _quiet_counts(night: WatchNight | None, version: str) -> dict[str, list[int]]:
    if night is None:
        return {}
    counts = night.sketch["features"] | {SCORE: night.sketch["score"]}
    judged = model_alarms(AlarmKind.FEATURE, AlarmKind.MISSING, AlarmKind.SCORE).filter(source=version)
    loud = judged.filter(opened_at__date__lte=night.as_of).exclude(closed_at__date__lte=night.as_of)
    for subject in loud.values_list("subject", flat=True):
        counts.pop(subject, None)
    return counts


def _in_bounds(as_of: date, version: str, place: date | None) -> frozenset[str]:
    """Features (SCORE: the score) that were no alarm when the reference's place was last passed, within 35 days."""
    if place is None:
        return frozenset()
    limit = WatchThreshold.objects.get(kind=AlarmKind.FEATURE).opens_at
    days = [as_of - timedelta(days=back) for back in range(1, 36)]
    seen = WatchValue.objects.of(M.DRIFT, M.SCORE_DRIFT).filter(
        as_of__in=[day for day in days if rules.same_place(day, place)], version=version
    )
    last = seen.order_by("-as_of").values_list("as_of", flat=True).first()
    if last is None:
        return frozenset()
    return frozenset(seen.filter(as_of=last, value__lt=limit).values_list("subject", flat=True))


def _tiers(as_of: date) -> Values:
    # Of the profiles, each of which holds its line's newest score: a month of scores is thirty times as many rows.
    scored_tonight = SubscriberProfile.objects.filter(risk_scored_on=as_of)
    counts = dict(scored_tonight.values_list("risk_tier").annotate(lines=Count("pk")))
    scored = sum(counts.values())
    return {(M.TIER.value, tier): counts.get(tier, 0) / scored for tier in RiskTier.values} if scored else {}


def model_figures(*, as_of: date, champion: ModelVersion, scored: bool) -> tuple[Values, list[Figure]]:
    """Figures of the model itself: its age, and the days since it last scored."""
    age = max(0, (as_of - timezone.localdate(champion.created_at)).days)
    seen = WatchValue.objects.of(M.UNSCORED).filter(as_of__lt=as_of)
    last = seen.filter(value=0).order_by("-as_of").values_list("as_of", flat=True).first()
    nights = 0 if scored else (as_of - last).days if last else 1
    values = {(M.AGE.value, ""): float(age), (M.UNSCORED.value, ""): float(nights)}
    return values, [
        Figure(AlarmKind.OLD, "", float(age), 0, {}),
        Figure(AlarmKind.UNSCORED, "", float(nights), 0, {"since": str(last or "")}),
    ]
