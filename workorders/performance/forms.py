"""The filters of the performance pages; all of them stand in the address."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from retention.core import clock
from retention.core.accounts.models import User
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.queries import teams_under
from workorders.pauses.models import PauseCode
from workorders.performance.queries import AGENT, DAY, TEAM, WEEK, WHOLE, Period
from workorders.supervision.forms import agent_name
from workorders.supervision.queries import former_agents
from workorders.supervision.services import agents_under

ALL = ("", gettext_lazy("All"))
USUAL_DAYS, MOST_DAYS = 7, 92
_DAY_INPUT = {"type": "date"}


class PersonField(forms.ChoiceField):
    """A choice among the people of one's groups; others may be asked for, and then have no rows here."""

    def valid_value(self, value: str) -> bool:
        return True


class PeriodFilter(forms.Form):
    """Whose work of which days. Without days: the last seven."""

    after = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs=_DAY_INPUT))
    before = forms.DateField(label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs=_DAY_INPUT))
    team = forms.ChoiceField(label=pgettext_lazy("team", "Group"), required=False)
    agent = PersonField(label=gettext_lazy("Agent"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Sequence[User] = agents_under(user)
        former = former_agents(WorkOrder.objects.visible_to(user), people)
        self.fields["team"].choices = [ALL, *((one.code, one.title) for one in teams_under(user))]
        self.fields["agent"].choices = [ALL, *((one.username, agent_name(one)) for one in [*people, *former])]
        if "type" in self.fields:
            self.fields["type"].choices = [ALL, *((one.code, one.title) for one in OrderType.objects.current())]
        if "reason" in self.fields:
            self.fields["reason"].choices = [ALL, *((one.code, one.title) for one in PauseCode.objects.all())]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        period = self._period(data)
        if period.last < period.first:
            self.add_error("before", _("The last day lies before the first."))
        elif (period.last - period.first).days >= MOST_DAYS:
            self.add_error("after", _("At most %(days)d days at once.") % {"days": MOST_DAYS})
        return data

    @property
    def period(self) -> Period:
        """The days asked for; the usual ones where the address makes no sense."""
        return self._period(self.cleaned_data if self.is_valid() else {})

    @staticmethod
    def _period(data: dict[str, Any]) -> Period:
        last = data.get("before") or max(clock.today(), data.get("after") or clock.today())
        return Period(data.get("after") or last - timedelta(days=USUAL_DAYS - 1), last)


class PerformanceFilter(PeriodFilter):
    by = forms.ChoiceField(
        label=gettext_lazy("Rows"),
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
    type = forms.ChoiceField(label=gettext_lazy("Order type"), required=False)


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
    type = forms.ChoiceField(label=gettext_lazy("Order type"), required=False)
    counted = forms.ChoiceField(label=gettext_lazy("Counted as"), required=False, choices=[ALL, *COUNTED.items()])


class PauseFilter(PeriodFilter):
    reason = forms.ChoiceField(label=gettext_lazy("Pause reason"), required=False)
