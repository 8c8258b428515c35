"""The lists of the watch pages."""

from datetime import timedelta

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.monitoring.models import AlarmKind, WatchNight, WatchThreshold, WatchValue
from analytics.monitoring.rules import Verdict, verdict
from analytics.monitoring.text import VERDICTS, format_alarm
from customers.fields.choices import TenureCohort
from customers.fields.text import field_label
from retention.core.alerts.models import Alert
from retention.core.alerts.rules import Severity
from retention.core.ui import components
from retention.core.ui.periods import all_days, all_month_ends
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, Column, DayColumn, NumberColumn, PercentColumn, SparkColumn

M = WatchValue.Measure
SPARK_NIGHTS = 30
NIGHT_MEASURES = {M.PSI: "psi", M.DRIFT: "drift", M.MISSING: "missing", M.MISSING_RISE: "rise"}
MONTH_MEASURES = {
    M.ROWS: "rows",
    M.LEAVERS: "leavers",
    M.AUC: "auc",
    M.LIFT: "lift",
    M.SAID: "said",
    M.HAPPENED: "happened",
}


SEVERITY_TONES = {
    Severity.MINOR: ("info", "info-circle"),
    Severity.MAJOR: ("warning", "alert-triangle"),
    Severity.CRITICAL: ("bad", "alert-circle"),
}


VERDICT_TONES = {
    Verdict.USUAL: ("good", "circle-check"),
    Verdict.CALENDAR: ("neutral", "calendar"),
    Verdict.UNJUDGED: ("warning", "help-circle"),
    Verdict.BEYOND: ("bad", "alert-triangle"),
}


class FeatureTable(BaseTable):
    feature = tables.Column(verbose_name=_("Factor"))
    psi = NumberColumn(verbose_name=_("PSI"), show="decimal")
    psi_by_night = SparkColumn(verbose_name=_("PSI, last 30 nights"))
    drift = NumberColumn(verbose_name=_("Beyond the calendar"), show="decimal")
    verdict = Column(
        verbose_name=_("Means"),
        help_text=_("The PSI against the reference, less what the day of the month explains, against the threshold."),
        orderable=False,
    )
    missing = PercentColumn(verbose_name=_("Missing"))
    rise = PercentColumn(verbose_name=_("Missing, rise"))

    caption = _("Factors against the reference")
    region_id = "factors"
    empty_title = _("No nightly run monitored yet")
    empty_text = _("The first night that scores with this model is held against its reference.")

    class Meta(BaseTable.Meta):
        fields = ()

    def render_verdict(self, value: Verdict) -> SafeString:
        return components.badge(str(VERDICTS[value]), *VERDICT_TONES[value])

    def value_verdict(self, value: Verdict) -> str:
        return str(VERDICTS[value])


class MonthTable(BaseTable):
    month = DayColumn(verbose_name=_("Month end"))
    cohort = tables.Column(verbose_name=_("Tenure"))
    version = tables.Column(verbose_name=_("Version"))
    rows = NumberColumn(verbose_name=_("Lines"))
    leavers = NumberColumn(verbose_name=_("Leavers"))
    auc = NumberColumn(verbose_name=_("AUC"), show="decimal")
    lift = NumberColumn(verbose_name=_("Lift, top tenth"), show="decimal")
    said = PercentColumn(verbose_name=_("Predicted, mean"))
    happened = PercentColumn(verbose_name=_("Actual"))

    caption = _("Scores and outcomes")
    region_id = "months"
    empty_title = _("No month evaluated yet")
    empty_text = _("The scores of a month end are judged once it is known who left.")

    class Meta(BaseTable.Meta):
        fields = ()


class AlarmTable(BaseTable):
    kind = BadgeColumn(verbose_name=_("Kind"), accessor="label", order_by=("kind",))
    said = tables.Column(empty_values=(), verbose_name=pgettext_lazy("alarm", "What happened"), orderable=False)
    opened_on = DayColumn(verbose_name=pgettext_lazy("alarm", "Raised"), order_by=("opened_at",))
    closed_on = DayColumn(verbose_name=pgettext_lazy("alarm", "Cleared"), order_by=("closed_at",))
    peak = NumberColumn(verbose_name=_("Worst"), show="decimal")
    severity = BadgeColumn(verbose_name=_("Severity"), tones=SEVERITY_TONES)
    owner = tables.Column(verbose_name=_("Owner"), orderable=False)
    acknowledged_by = tables.Column(verbose_name=_("Acknowledged by"), orderable=False)
    note = tables.Column(verbose_name=_("Note"), orderable=False)

    caption = _("Alarms")
    region_id = "alarms"
    empty_title = _("No alarm yet")
    empty_text = _("An alarm opens in the night in which something passes its threshold.")

    class Meta(BaseTable.Meta):
        fields = ()

    def render_said(self, record: Alert) -> str:
        return format_alarm(record)

    def value_said(self, record: Alert) -> str:
        return format_alarm(record)


def feature_rows(*, version: str) -> list[dict]:
    """A row for each feature of the last night that scored, the furthest moved first, with its PSI of 30 nights."""
    as_of = WatchNight.objects.filter(version=version).order_by("-as_of").values_list("as_of", flat=True).first()
    if as_of is None:
        return []
    kept = WatchValue.objects.of(*NIGHT_MEASURES).filter(version=version)
    rows: dict[str, dict] = {}
    for value in kept.between(as_of - timedelta(days=SPARK_NIGHTS - 1), as_of).order_by("as_of"):
        row = rows.setdefault(value.subject, {"psi_by_night": {}, **dict.fromkeys(NIGHT_MEASURES.values())})
        if value.measure == M.PSI:
            row["psi_by_night"][value.as_of] = value.value
        if value.as_of == as_of:
            row[NIGHT_MEASURES[M(value.measure)]] = value.value
    limit = WatchThreshold.objects.get(kind=AlarmKind.FEATURE).opens_at
    nights = all_days({night for row in rows.values() for night in row["psi_by_night"]})
    found = [
        row
        | {"pk": name, "feature": field_label(name), "psi_by_night": [row["psi_by_night"].get(one) for one in nights]}
        | {"verdict": verdict(psi=row["psi"], beyond=row["drift"], limit=limit)}
        for name, row in rows.items()
        if row["psi"] is not None
    ]
    return sorted(found, key=lambda row: -row["psi"])


def month_rows() -> list[dict]:
    """A row for each month judged, version and cohort, the newest first; all lines before the cohorts. A month in
    between that was not judged has a row without figures."""
    rows: dict[tuple, dict] = {}
    for value in WatchValue.objects.of(*MONTH_MEASURES).order_by("-as_of", "version", "subject"):
        row = rows.setdefault(
            (value.as_of, value.version, value.subject),
            {"month": value.as_of, "version": value.version, "key": value.subject}
            | dict.fromkeys(MONTH_MEASURES.values()),
        )
        row[MONTH_MEASURES[M(value.measure)]] = value.value
    labels = dict(TenureCohort.choices)
    judged = [row for row in rows.values() if row["rows"]]
    months = {row["month"] for row in judged}
    gaps = [
        {"month": end, "version": _("not judged"), "key": "", **dict.fromkeys(MONTH_MEASURES.values())}
        for end in all_month_ends(months)
        if end not in months
    ]
    # Newest month first; within a month the order is that of the query.
    return [
        row | {"pk": f"{row['month']}-{row['version']}-{row['key']}", "cohort": labels.get(row["key"], _("All lines"))}
        for row in sorted([*judged, *gaps], key=lambda row: row["month"], reverse=True)
    ]
