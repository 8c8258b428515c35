"""The filters of the visit history; all of them stand in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.order_types.models import Disposition, OrderType
from workorders.supervision.forms import ALL, COUNTED, PeriodFilter
from workorders.visits.rules import VISIT_TYPES


def _types() -> list[tuple[str, Any]]:
    return [ALL, *((one.code, one.title) for one in OrderType.objects.current() if one.code in VISIT_TYPES)]


def _outcomes() -> list[tuple[str, Any]]:
    return [ALL, *((one.code, one.title) for one in Disposition.objects.for_list())]


class VisitFilter(PeriodFilter):
    usual_days = 30

    type = forms.ChoiceField(label=_("Visit"), required=False, choices=_types)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=_outcomes)
    counted = forms.ChoiceField(label=_("Counted as"), required=False, choices=[ALL, *COUNTED.items()])
