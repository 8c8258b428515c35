"""The model monitor: how the champion was judged, how it reads each factor, who competed, and every version kept."""

from typing import Any

from django import forms
from django.db.models import Avg, Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from analytics.churn import charts
from analytics.churn.learners.candidates import LearnerKind
from analytics.churn.models import LearnerContest, ModelVersion
from analytics.churn.services.model_selection import OWN_MODELS
from analytics.churn.tables import CohortTable, SelectionTable, TierTable, VersionTable
from analytics.churn.text import missing_model
from analytics.navigation.views import churn_tabs
from customers.fields.choices import RiskTier
from customers.fields.text import field_label
from customers.profile.models import SubscriberProfile
from retention.core.accounts.permissions import StaffRequest, require


class FactorForm(forms.Form):
    factor = forms.ChoiceField(label=_("Factor"), required=False)

    def __init__(self, *args: Any, version: ModelVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shapes = {shape["factor"]: shape for shape in version.shapes}
        self.fields["factor"].choices = [(key, field_label(key)) for key in self.shapes]
        self.fields["factor"].widget.attrs["data-submit-on-change"] = True

    def chosen(self) -> dict | None:
        """The shape asked for; the strongest when none or an unknown one was."""
        wanted = self.cleaned_data.get("factor") if self.is_valid() else ""
        return self.shapes.get(wanted) or next(iter(self.shapes.values()), None)


@require("churn.view")
def model_monitor(request: StaffRequest) -> HttpResponse:
    champion = ModelVersion.objects.for_registry().champion()
    context: dict = {
        "tabs": churn_tabs(request),
        "champion": champion,
        "table": VersionTable(ModelVersion.objects.for_registry(), request=request).paged(),
        "may_promote": request.user.may("churn.promote"),
        "no_model": missing_model(),
    }
    if champion:
        form = FactorForm(request.GET, version=champion)
        shape = form.chosen()
        context |= {
            "charts": [*charts.version_charts([champion]), charts.factor_weights(champion)],
            "cohorts": CohortTable(charts.cohort_rows(champion)),
            "tiers": TierTable(_tiers(request, champion)),
            "judged_on": charts.format_day(champion.span.get("judged_on")),
            "kind": LearnerKind(champion.recipe["kind"]).label if champion.recipe else "",
            "factor_form": form,
            "shape_charts": charts.factor_shape(shape) if shape else [],
            "contest": _contest(),
        }
    return render(request, "analytics/churn/monitor.html", context)


def _contest() -> dict | None:
    """The newest contest, best first."""
    held = LearnerContest.objects.first()
    if held is None:
        return None
    labels = dict(LearnerKind.choices) | {OWN_MODELS: _("Weighted mixture, with a model of its own for each cohort")}
    best = max((row["auc"] for row in held.means), default=0)
    rows = [
        row | {"label": labels[row["kind"]], "chosen": row["kind"] == held.chosen, "behind": best - row["auc"]}
        for row in held.means
    ]
    origins = [charts.format_day(origin) for origin in sorted({row["origin"] for row in held.rows})]
    return {"table": SelectionTable(rows), "origins": origins}


def _tiers(request: StaffRequest, champion: ModelVersion) -> list[dict]:
    """Counts by tier, now, of the lines visible to this person; highest tier first."""
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
