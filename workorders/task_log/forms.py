"""The filters of the task log; all of them stand in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workorders.order_types.models import OrderType
from workorders.orders.states import ENTRIES, MOVES
from workorders.supervision.forms import ALL, PeriodFilter
from workorders.supervision.periods import Period


def _types() -> list[tuple[str, Any]]:
    return [ALL, *((one.code, one.title) for one in OrderType.objects.current())]


MOVE_CHOICES = [ALL, *ENTRIES.items(), *((one.name, one.label) for one in MOVES.values())]


class LogFilter(PeriodFilter):
    """Without days: today; of one order without days: all of its trail."""

    usual_days = 1

    type = forms.ChoiceField(label=_("Order type"), required=False, choices=_types)
    move = forms.ChoiceField(label=pgettext_lazy("trail", "Move"), required=False, choices=MOVE_CHOICES)
    q = forms.CharField(label=_("Order number"), required=False, max_length=40)

    @property
    def days(self) -> Period | None:
        """The days that limit the log; None for the whole trail of one order."""
        given = self.cleaned_data if self.is_valid() else {}
        if given.get("q") and not given.get("after") and not given.get("before"):
            return None
        return self.period
