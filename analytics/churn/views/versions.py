"""One model version beside the champion or another; training, comparing, promoting and rolling back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from analytics.churn import charts
from analytics.churn.models import ModelVersion
from analytics.churn.services import versions
from analytics.churn.tables import CalibrationTable, CohortsBesideTable, FigureTable, GainTable, verdict
from analytics.navigation.views import churn_tabs
from customers.fields.choices import TenureCohort
from customers.fields.text import field_label
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import DomainError, Invalid
from retention.core.jobs.services import wake_worker

FIGURES = ("auc", "average_precision", "lift_at_5", "lift_at_10", "brier", "ece", "mean_predicted", "true_rate")
LABELS = {
    "auc": gettext_lazy("AUC"),
    "average_precision": gettext_lazy("Average precision"),
    "lift_at_5": gettext_lazy("Lift, top twentieth"),
    "lift_at_10": gettext_lazy("Lift, top tenth"),
    "brier": gettext_lazy("Brier score"),
    "ece": gettext_lazy("Calibration error"),
    "mean_predicted": gettext_lazy("Predicted, mean"),
    "true_rate": gettext_lazy("Actual"),
}
WHY_CHARACTERS = 200


class OtherVersionForm(forms.Form):
    use_required_attribute = False  # there is always one

    other = forms.ModelChoiceField(ModelVersion.objects.none(), label=gettext_lazy("Beside"), empty_label=None)

    def __init__(self, *args: Any, version: ModelVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = ModelVersion.objects.for_registry().exclude(pk=version.pk)
        self.fields["other"].queryset = self.others
        self.fields["other"].widget.attrs["data-submit-on-change"] = True

    def chosen(self) -> ModelVersion | None:
        """The version asked for, else the champion, else the newest other one."""
        if self.is_valid():
            return self.cleaned_data["other"]
        return self.others.champion() or self.others.first()


@require("churn.view")
def model_version(request: StaffRequest, pk: int) -> HttpResponse:
    """A version and another one side by side, what it learnt from, and whether it may score."""
    version = get_object_or_404(ModelVersion.objects.for_registry(), pk=pk)
    form = OtherVersionForm(request.GET or None, version=version)
    other = form.chosen()
    both = [version, *([other] if other else [])]
    context = {
        "tabs": churn_tabs(request),
        "version": version,
        "other": other,
        "form": form if other else None,
        "charts": charts.version_charts(both),
        "figures": FigureTable(_figures(version, other), own=version, other=other),
        "cohorts": CohortsBesideTable(_cohorts(version, other), exclude=() if other else ("other_auc", "other_ece")),
        "added": _only(version, other),
        "removed": _only(other, version) if other else [],
        "facts": _facts(version),
        "comparison": _comparison(version),
        "verdict": verdict(version),
        "may_promote": request.user.may("churn.promote") and version.state != ModelVersion.State.CHAMPION,
        "is_back": version.promoted_at is not None,
        "champion": ModelVersion.objects.for_registry().champion(),
    }
    return render(request, "analytics/churn/version.html", context)


def _figures(version: ModelVersion, other: ModelVersion | None) -> list[dict[str, Any]]:
    return [
        {
            "label": LABELS[name],
            "digits": _digits(name),
            "own": version.metrics.get(name),
            "theirs": other.metrics.get(name) if other else None,
        }
        for name in FIGURES
    ]


def _digits(figure: str) -> int:
    """Lifts are times the usual rate; all else is a share or a chance."""
    return 2 if figure.startswith("lift") else 4


def _only(version: ModelVersion, other: ModelVersion | None) -> list[str]:
    """Factors that one reads and the other does not, as people call them."""
    theirs = set(other.features) if other else set()
    return [field_label(key) for key in version.features if key not in theirs] if other else []


def _cohorts(version: ModelVersion, other: ModelVersion | None) -> list[dict[str, Any]]:
    theirs = {row["cohort"]: row for row in charts.cohort_rows(other)} if other else {}
    return [row | {"other": theirs.get(row["cohort"], {})} for row in charts.cohort_rows(version)]


def _facts(version: ModelVersion) -> list[tuple[str, Any]]:
    span = version.span
    return [
        (_("Trained"), version.created_at),
        (_("Training months"), ", ".join(charts.format_day(day) for day in span.get("trained_on", []))),
        (_("Rows"), f"{span.get('rows', 0):,}"),
        (_("Leavers"), f"{span.get('leavers', 0):,}"),
        (_("Evaluated on"), charts.format_day(span.get("judged_on")) or _("folds of the same date")),
        (_("Factors"), len(version.features)),
        (_("Checksum"), version.checksum[:16]),
        (_("Promoted by"), version.promoted_by or ""),
        (_("Why"), _(version.promoted_why)),
    ]


def _comparison(version: ModelVersion) -> dict[str, Any] | None:
    """The paired comparison with the champion of its time, ready to be drawn."""
    found = version.comparison
    if not found or "gains" not in found:
        return found or None
    cohorts = dict(TenureCohort.choices)
    gains = [gain | {"label": LABELS[name], "digits": _digits(name)} for name, gain in found["gains"].items()]
    calibration = [
        row | {"label": label} for key, label in cohorts.items() for row in found["cohorts"] if row["cohort"] == key
    ]
    return found | {"figures": GainTable(gains), "cohorts": CalibrationTable(calibration)}


@require_POST
@require("churn.promote")
def promote_version(request: StaffRequest, pk: int) -> HttpResponse:
    """Make a version the champion; promoting a retired one rolls back."""
    version = get_object_or_404(ModelVersion, pk=pk)
    try:
        why = request.POST.get("why", "")
        if len(why) > WHY_CHARACTERS:
            raise Invalid(_("The reason is too long: at most %(limit)d characters.") % {"limit": WHY_CHARACTERS})
        versions.promote(version=version, actor=request.user, why=why)
        messages.success(request, _("%(version)s scores from the next night on.") % {"version": version.version})
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("analytics:version", pk)


@require_POST
@require("churn.promote")
def compare_version(request: StaffRequest, pk: int) -> HttpResponse:
    """Hold a challenger against the champion of now."""
    try:
        versions.compare(version=get_object_or_404(ModelVersion, pk=pk))
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("analytics:version", pk)


@require_POST
@require("churn.promote")
def start_contest(request: StaffRequest) -> HttpResponse:
    """Start model selection in a worker. The task message may get lost; the button then has to be pressed again."""
    wake_worker(versions.CONTEST_TASK)
    messages.success(request, _("The algorithms are being compared; the table is renewed when that has finished."))
    return redirect("analytics:monitor")
