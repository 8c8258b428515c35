"""The watch over the model in use: open alarms first, then the proposal to retrain, then the figures."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from analytics.churn.models import ModelVersion
from analytics.churn.text import missing_model
from analytics.monitoring import charts
from analytics.monitoring.filters import AlarmFilter
from analytics.monitoring.forms import DeclineForm
from analytics.monitoring.models import RetrainProposal, WatchValue
from analytics.monitoring.queries import model_alarms
from analytics.monitoring.services import proposals
from analytics.monitoring.tables import AlarmTable, FeatureTable, MonthTable, feature_rows, month_rows
from analytics.monitoring.text import format_alarm, format_quiet
from analytics.navigation.views import ChurnList
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.alerts import views as alert_views
from retention.core.alerts.models import AlertQuerySet
from retention.core.alerts.queries import cards
from retention.core.alerts.services.handling import SNOOZE_DAYS
from retention.core.errors import DomainError

DECIDED_SHOWN = 5


class Monitoring(ChurnList):
    """Open alarms of the model, proposals, and the drift of the last night from the reference."""

    name = "churn-watch"
    title = _("Model monitoring")
    template_name = "analytics/monitoring/monitoring.html"
    table_class = FeatureTable

    @cached_property
    def champion(self) -> ModelVersion | None:
        return ModelVersion.objects.for_registry().champion()

    def get_queryset(self) -> list[dict[str, Any]]:
        return feature_rows(version=self.champion.version) if self.champion else []

    def get_context_data(self) -> dict[str, Any]:
        champion, last = self.champion, _last_night(self.champion)
        return super().get_context_data() | {
            "champion": champion,
            "no_model": missing_model(),
            "last_night": last,
            "alarms": cards(model_alarms(), now=clock.now()),
            "quiet": format_quiet([row["verdict"] for row in self.table.data.data]),
            "snooze_days": SNOOZE_DAYS,
            "proposal": _proposal(),
            "decided": RetrainProposal.objects.decided()[:DECIDED_SHOWN],
            "may_decide": self.user.may("churn.promote"),
            "charts": charts.night_charts(as_of=last, version=champion.version) if champion and last else [],
        }


def _last_night(champion: ModelVersion | None) -> date | None:
    if champion is None:
        return None
    kept = WatchValue.objects.of(WatchValue.Measure.UNSCORED).filter(version=champion.version)
    return kept.order_by("-as_of").values_list("as_of", flat=True).first()


def _proposal() -> dict | None:
    found = RetrainProposal.objects.under_way().select_related("decided_by").first()
    if found is None:
        return None
    return {"row": found, "why": [format_alarm(alarm) for alarm in found.alarms.order_by("-peak", "pk")]}


class Months(ChurnList):
    """Scores of past month ends compared with actual churn."""

    name = "churn-realised"
    parent = ("analytics:watch", _("Model monitoring"))
    template_name = "analytics/monitoring/months.html"
    table_class = MonthTable

    @cached_property
    def months(self) -> list[dict[str, Any]]:
        return month_rows()

    def get_queryset(self) -> list[dict[str, Any]]:
        return list(self.months)  # the table sorts its own

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"charts": charts.month_charts(self.months)}


class AlarmHistory(ChurnList):
    """Every alarm there was, the newest first."""

    name = "churn-alarms"
    parent = ("analytics:watch", _("Model monitoring"))
    table_class = AlarmTable
    filterset_class = AlarmFilter

    def get_queryset(self) -> AlertQuerySet:
        return model_alarms().for_history()


# The address of before; what it does is the same for every kind of alert.
acknowledge = require("churn.view")(alert_views.acknowledge)


@require_POST
@require("churn.promote")
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    """Have a challenger trained."""
    proposal = get_object_or_404(RetrainProposal, pk=pk)
    try:
        proposals.accept(proposal=proposal, actor=request.user)
        messages.success(request, _("A challenger is being trained. It will stand among the versions."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("analytics:watch")


@require_POST
@require("churn.promote")
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep the model as it is, for a reason."""
    proposal = get_object_or_404(RetrainProposal, pk=pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why it is declined."))
        return redirect("analytics:watch")
    try:
        proposals.decline(proposal=proposal, actor=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The proposal is declined."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("analytics:watch")


@require_POST
@require("churn.promote")
def train_challenger(request: StaffRequest) -> HttpResponse:
    """Have a worker train a challenger; it is asked for as an accepted proposal, so that nothing is lost."""
    try:
        proposals.request_training(actor=request.user, as_of=clock.today())
        messages.success(request, _("A worker trains a challenger now; it appears below when it is judged."))
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("analytics:monitor")
