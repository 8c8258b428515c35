"""The warning list: scored lines with their reasons, in the order in which a call is expected to pay."""

import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from analytics.views.tabs import churn_tabs
from customers.models import LineType, RiskScore, RiskTier, SubscriberProfile, TenureCohort
from customers.reasons import Reason, custom_labels, sentences
from retention.core import audit
from retention.core.access import require
from retention.core.columns import BarColumn, DueColumn, MoneyColumn, RiskColumn
from retention.core.exports import export_response, wants_export
from retention.core.models import Branch
from retention.core.tables import BaseTable

EXPORT_LIMIT = 20_000
SHOWN = 2
WARNED = [RiskTier.MEDIUM, RiskTier.HIGH, RiskTier.CRITICAL]


class WarningFilter(forms.Form):
    tier = forms.ChoiceField(label=_("Risk tier"), required=False, choices=[("", _("All warned")), *RiskTier.choices])
    cohort = forms.ChoiceField(label=_("Tenure"), required=False, choices=[("", _("All")), *TenureCohort.choices])
    line_type = forms.ChoiceField(label=_("Line type"), required=False, choices=[("", _("All")), *LineType.choices])
    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Branch"), required=False, to_field_name="code", empty_label=_("All")
    )

    def __init__(self, *args: object, branches: QuerySet[Branch], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches

    def apply(self, profiles: QuerySet[SubscriberProfile]) -> QuerySet[SubscriberProfile]:
        chosen = self.cleaned_data if self.is_valid() else {}
        tier = chosen.get("tier")
        profiles = profiles.filter(risk_tier__in=[tier] if tier else WARNED)
        if chosen.get("cohort"):
            profiles = profiles.filter(tenure_cohort=chosen["cohort"])
        if chosen.get("line_type"):
            profiles = profiles.filter(line_type=chosen["line_type"])
        if chosen.get("branch"):
            profiles = profiles.filter(branch__in=Branch.objects.under(chosen["branch"]).values("pk"))
        return profiles


class WarningTable(BaseTable):
    subscriber_no = tables.Column(accessor="subscriber__subscriber_no", verbose_name=_("Subscriber"), orderable=False)
    customer = tables.Column(
        accessor="subscriber__account__customer__name", verbose_name=_("Customer"), orderable=False
    )
    branch = tables.Column(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    risk_tier = RiskColumn(verbose_name=_("Risk tier"), orderable=False)
    risk_probability = BarColumn(verbose_name=_("Chance of leaving"))
    reasons = tables.Column(empty_values=(), verbose_name=_("Why"), orderable=False)
    arpu = MoneyColumn(verbose_name=_("Spend a month"))
    contract_ends_on = DueColumn(verbose_name=_("Contract ends"), orderable=False)
    expected_gain = MoneyColumn(verbose_name=_("Expected gain"))

    caption = _("Churn warnings")
    region_id = "warnings"
    empty_title = _("No warnings")
    empty_text = _("No scored line is in the tiers medium, high or critical.")

    class Meta(BaseTable.Meta):
        fields = ()

    def row_url(self, record: SubscriberProfile) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def render_reasons(self, record: SubscriberProfile) -> SafeString:
        lines = [(reason.text,) for reason in self._sentences(record)[:SHOWN]]
        return format_html('<ul class="list-unstyled m-0 rp-small">{}</ul>', format_html_join("", "<li>{}</li>", lines))

    def value_reasons(self, record: SubscriberProfile) -> str:
        return "; ".join(reason.text for reason in self._sentences(record))

    def _sentences(self, record: SubscriberProfile) -> list[Reason]:
        if not hasattr(self, "_custom"):
            self._custom = custom_labels()
        return sentences(self._reasons_of(record), for_agent=False, custom=self._custom)

    def _reasons_of(self, record: SubscriberProfile) -> list[dict]:
        if not hasattr(self, "_reasons"):
            rows = [row.record for row in self.paginated_rows] if self.page else list(self.data)
            scored = {row.risk_scored_on for row in rows}
            scores = RiskScore.objects.filter(subscriber__in=[row.pk for row in rows], as_of__in=scored)
            self._reasons = {(score.subscriber_id, score.as_of): score.reasons for score in scores}
        return self._reasons.get((record.pk, record.risk_scored_on), [])


@require("churn.view")
def warning_list(request: HttpRequest) -> HttpResponseBase:
    """Who is warned of, why, and what a contact would bring; `?export=` gives the same as a file."""
    form = WarningFilter(request.GET, branches=Branch.objects.visible_to(request.user))
    profiles = form.apply(SubscriberProfile.objects.visible_to(request.user).for_warning_list())
    profiles = profiles.order_by("-expected_gain", "subscriber_id")
    if wants_export(request):
        audit.record(actor=request.user, action="export", target="churn warnings", query=request.GET.urlencode())
        return export_response(request, WarningTable(profiles[:EXPORT_LIMIT]), "churn-warnings")
    table = WarningTable(profiles, request=request).paged()
    return render(request, "analytics/warnings.html", {"form": form, "table": table, "tabs": churn_tabs(request)})
