"""The warning list: warned lines with why, in the order in which a call is expected to pay."""

from typing import Any

import django_tables2 as tables
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.models import ValueBand
from analytics.views.tabs import churn_tabs
from analytics.warned import DEFAULT_ORDER, LISTED, ORDERS, Warned
from customers.models import LineType, RiskTier, SubscriberProfile, TenureCohort
from customers.models.risk import WARNED
from customers.reasons import Reason
from customers.tables import ClippedColumn, DirectoryData
from customers.themes import ALL as THEMES
from retention.core import audit, clock, drawing
from retention.core.access import require
from retention.core.columns import BarColumn, DueColumn, MoneyColumn, NumberColumn, RiskColumn
from retention.core.exports import export_response, wants_export
from retention.core.models import Branch, User
from retention.core.tables import BaseTable
from retention.core.templatetags import formats, ui

ANY = ("", _("All"))
ENDS = (("30", _("Within 30 days")), ("60", _("Within 60 days")), ("90", _("Within 90 days")))


class WarningFilter(forms.Form):
    """Its names are part of the address and of links from the planner."""

    tier = forms.ChoiceField(
        label=_("Risk tier"),
        required=False,
        choices=[("", _("All warned")), *((key, RiskTier(key).label) for key in WARNED)],
    )
    cohort = forms.ChoiceField(label=_("Tenure"), required=False, choices=[ANY, *TenureCohort.choices])
    line_type = forms.ChoiceField(label=_("Line type"), required=False, choices=[ANY, *LineType.choices])
    band = forms.ChoiceField(label=_("Value"), required=False, choices=[ANY, *ValueBand.choices])
    theme = forms.ChoiceField(
        label=_("Business reason"), required=False, choices=[ANY, *((one.key.value, one.label) for one in THEMES)]
    )
    ends_within = forms.ChoiceField(label=_("Contract ends"), required=False, choices=[ANY, *ENDS])
    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Branch"), required=False, to_field_name="code", empty_label=_("All")
    )

    def __init__(self, *args: object, branches: QuerySet[Branch], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches


class WarningTable(BaseTable):
    subscriber_no = tables.Column(accessor="subscriber__subscriber_no", verbose_name=_("Subscriber"), orderable=False)
    customer = ClippedColumn(
        accessor="subscriber__account__customer__name", verbose_name=_("Customer"), orderable=False
    )
    branch = ClippedColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    risk_tier = RiskColumn(verbose_name=_("Risk tier"), orderable=False)
    risk_probability = BarColumn(verbose_name=_("Chance of leaving"), tone=lambda line: line.risk_tier)
    change = NumberColumn(empty_values=(), verbose_name=_("Since last month"), orderable=False)
    expected_gain = MoneyColumn(verbose_name=_("Expected gain"))
    first_reason = tables.Column(accessor="reasons", verbose_name=_("First reason"), orderable=False)
    second_reason = tables.Column(accessor="reasons", verbose_name=_("Second reason"), orderable=False)
    arpu = MoneyColumn(verbose_name=_("Spend a month"))
    contract_ends_on = DueColumn(verbose_name=_("Contract ends"))
    what_if = tables.Column(empty_values=(), verbose_name=_("What if"), orderable=False, exclude_from_export=True)

    caption = _("Churn warnings")
    region_id = "warnings"
    empty_title = _("No warnings")
    empty_text = _("No scored line is in the tiers medium, high or critical.")

    class Meta(BaseTable.Meta):
        fields = ()
        order_by = DEFAULT_ORDER

    def __init__(self, warned: Warned, **kwargs: Any) -> None:
        super().__init__(DirectoryData(warned), **kwargs)
        self.today = warned.today
        self.exportable = warned.user.may("export")
        if warned.user.may("work.supervise"):
            self.bulk_actions = (
                {"value": "open", "label": pgettext_lazy("heading", "Open orders"), "icon": "headset"},
            )
            self.bulk_url = reverse("analytics:open-orders")

    def row_url(self, record: SubscriberProfile) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def render_what_if(self, record: SubscriberProfile) -> SafeString:
        number = record.subscriber.subscriber_no
        label = _("What if: %(line)s") % {"line": number}
        url = reverse("analytics:what-if", args=[number])
        return format_html('<a class="btn btn-ghost btn-icon" href="{}">{}</a>', url, ui.icon("adjustments", label))

    def render_change(self, record: SubscriberProfile) -> SafeString | str:
        if record.before is None:
            return formats.DASH
        return drawing.delta(round(record.risk_probability - record.before, 3), "down", "points", ui.icon)

    def value_change(self, record: SubscriberProfile) -> float | None:
        return None if record.before is None else record.risk_probability - record.before

    def render_first_reason(self, value: list[Reason]) -> SafeString | str:
        return _reason(value, 0)

    def render_second_reason(self, value: list[Reason]) -> SafeString | str:
        return _reason(value, 1)

    def value_first_reason(self, value: list[Reason]) -> str:
        return _text(value, 0)

    def value_second_reason(self, value: list[Reason]) -> str:
        return _text(value, 1)


def _reason(reasons: list[Reason], place: int) -> SafeString | str:
    text = capfirst(_text(reasons, place))
    return format_html('<span class="rp-clip rp-clip-long" title="{0}">{0}</span>', text) if text else formats.DASH


def _text(reasons: list[Reason], place: int) -> str:
    return reasons[place].text if place < len(reasons) else ""


def warned_by(user: User, query: QueryDict, sort: str = "") -> tuple[WarningFilter, Warned]:
    """The filter form of an address and the lines it asks for; all that are warned when it cannot be understood."""
    form = WarningFilter(query, branches=Branch.objects.visible_to(user))
    asked = form.cleaned_data if form.is_valid() else {}
    order = sort if sort.removeprefix("-") in ORDERS else DEFAULT_ORDER
    return form, Warned(user, asked, clock.today(), order)


@require("churn.view")
def warning_list(request: HttpRequest) -> HttpResponseBase:
    """Who is warned of, why, and what a contact would bring; `?export=` gives the same as a file."""
    form, warned = warned_by(request.user, request.GET, request.GET.get("sort", ""))
    table = WarningTable(warned, request=request)
    if kind := wants_export(request):
        if not table.exportable:
            raise PermissionDenied("export")
        asked = {key: value for key, value in request.GET.items() if value and key != "export"}
        audit.record(actor=request.user, action="export", target="churn warnings", kind=kind, filters=asked)
        return export_response(request, table, "churn-warnings")
    context = {
        "form": form,
        "table": table.paged(),
        "tabs": churn_tabs(request),
        "is_cut": warned.is_cut,
        "listed": LISTED,
    }
    return render(request, "analytics/warnings.html", context)
