"""The filters of the performance pages; all of them stand in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from workorders.order_types.models import OrderType
from workorders.pauses.models import PauseCode
from workorders.performance.queries import AGENT, TEAM
from workorders.supervision.forms import ALL, PeriodFilter
from workorders.supervision.periods import DAY, WEEK, WHOLE


def _type_choices() -> list[tuple[str, Any]]:
    return [ALL, *((one.code, one.title) for one in OrderType.objects.current())]


def _reason_choices() -> list[tuple[str, Any]]:
    return [ALL, *((one.code, one.title) for one in PauseCode.objects.all())]


class PerformanceFilter(PeriodFilter):
    by = forms.ChoiceField(
        label=gettext_lazy("Counted by"),
        required=False,
        choices=[(AGENT, gettext_lazy("Agents")), (TEAM, pgettext_lazy("teams", "Groups"))],
    )
    span = forms.ChoiceField(
        label=gettext_lazy("Each row"),
        required=False,
        choices=[
            (WHOLE, gettext_lazy("the whole period")),
            (DAY, gettext_lazy("a day")),
            (WEEK, gettext_lazy("a week")),
        ],
    )
    type = forms.ChoiceField(label=gettext_lazy("Order type"), required=False, choices=_type_choices)


COUNTED: dict[str, Any] = {
    "connected": gettext_lazy("Connected"),
    "reached": gettext_lazy("Right party reached"),
    "no_answer": gettext_lazy("No answer"),
    "kept": gettext_lazy("Retained or accepted"),
    "closed": gettext_lazy("Closed"),
    "closed_late": gettext_lazy("Closed over time"),
    "appointments": gettext_lazy("Appointments made"),
    "appointments_kept": gettext_lazy("Appointments kept"),
    "timed": gettext_lazy("With a call's length"),
}


class ContactFilter(PeriodFilter):
    type = forms.ChoiceField(label=gettext_lazy("Order type"), required=False, choices=_type_choices)
    counted = forms.ChoiceField(label=gettext_lazy("Counted as"), required=False, choices=[ALL, *COUNTED.items()])


class PauseFilter(PeriodFilter):
    reason = forms.ChoiceField(label=gettext_lazy("Pause reason"), required=False, choices=_reason_choices)
