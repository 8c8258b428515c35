"""The model monitor: how the champion was judged, its curves and factors, the scores of now, and every version kept."""

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import Avg, Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from analytics.churn import services
from analytics.models import ModelVersion
from analytics.views import drawings
from analytics.views.tabs import churn_tabs
from customers.models import RiskTier, SubscriberProfile
from retention.core.access import require
from retention.core.columns import BadgeColumn, NumberColumn, PercentColumn
from retention.core.tables import BaseTable

TONES = {
    ModelVersion.State.CHAMPION: ("good", "check"),
    ModelVersion.State.CHALLENGER: ("info", "flask"),
    ModelVersion.State.RETIRED: ("neutral", ""),
}


class PromoteForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=200)


class VersionTable(BaseTable):
    version = tables.Column(verbose_name=_("Version"))
    state = BadgeColumn(verbose_name=_("State"), tones=TONES)
    created_at = tables.DateTimeColumn(verbose_name=_("Trained"), short=True)
    judged_on = tables.Column(accessor="span__judged_on", verbose_name=_("Judged on"), orderable=False)
    auc = NumberColumn(accessor="metrics__auc", verbose_name=_("AUC"), show="decimal", orderable=False)
    lift = NumberColumn(
        accessor="metrics__lift_at_10", verbose_name=_("Lift, top tenth"), show="decimal", orderable=False
    )
    ece = PercentColumn(accessor="metrics__ece", verbose_name=_("Calibration error"), orderable=False)
    promoted_by = tables.Column(verbose_name=_("Promoted by"), orderable=False)
    promoted_why = tables.Column(verbose_name=_("Why"), orderable=False)

    caption = _("Model versions")
    region_id = "versions"
    exportable = False
    show_tools = False

    class Meta(BaseTable.Meta):
        fields = ()

    def render_version(self, value: str) -> SafeString:
        return format_html("<code>{}</code>", value)


@require("churn.view")
def model_monitor(request: HttpRequest) -> HttpResponse:
    champion = ModelVersion.objects.for_registry().champion()
    context: dict = {
        "tabs": churn_tabs(request),
        "champion": champion,
        "table": VersionTable(ModelVersion.objects.for_registry(), request=request).paged(),
        "may_promote": request.user.may("churn.promote"),
        "form": PromoteForm(),
    }
    if champion:
        context |= {
            "charts": drawings.of_champion(champion),
            "cohorts": drawings.cohort_rows(champion),
            "tiers": _tiers(request, champion),
            "promotable": ModelVersion.objects.for_registry().exclude(state=ModelVersion.State.CHAMPION),
        }
    return render(request, "analytics/monitor.html", context)


def _tiers(request: HttpRequest, champion: ModelVersion) -> list[dict]:
    """How many lines this person sees stand in each tier now, highest first."""
    seen = SubscriberProfile.objects.visible_to(request.user).filter(risk_tier__in=RiskTier.values)
    counts = {
        row["risk_tier"]: row
        for row in seen.values("risk_tier").annotate(lines=Count("pk"), mean=Avg("risk_probability"))
    }
    found = []
    for tier in reversed(RiskTier):
        row = counts.get(tier.value, {"lines": 0, "mean": None})
        found.append(
            {"tier": tier.value, "from": champion.tiers.get(tier.value, 0), "lines": row["lines"], "mean": row["mean"]}
        )
    return found


@require_POST
@require("churn.promote")
def promote_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a version the champion; promoting a retired one rolls back."""
    version = get_object_or_404(ModelVersion, pk=pk)
    form = PromoteForm(request.POST)
    if form.is_valid():
        services.promote(version=version, actor=request.user, why=form.cleaned_data["why"])
        messages.success(request, _("%(version)s scores from the next night on.") % {"version": version.version})
    else:
        messages.error(request, _("Say why this version is promoted."))
    return redirect("analytics:monitor")
