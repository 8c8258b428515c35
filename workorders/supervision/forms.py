"""Forms of the supervisor's pages. Validation is done by the services."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from retention.core import clock
from retention.core.accounts.models import Team, User
from retention.core.ui.figures import figure_field
from workorders.clocks.queries.board import CLOCK_STATES
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.services.steps import MAX_DEFERRED_DAYS
from workorders.orders.states import State
from workorders.supervision.periods import Period
from workorders.supervision.queries import AGES, GAINS, LEFT, NOBODY, former_agents
from workorders.supervision.services import agents_under, teams_under

ALL = ("", _("All"))
MOST_DAYS = 92
# Days that can be asked for: no reckoning with them leaves the calendar.
KNOWN_DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]
# Names of orders.queries.CONTACT_FILTERS
COUNTED = {
    "reached": _("Reached"),
    "good": _("Retained or accepted"),
    "refused": _("Refused"),
    "appointments": _("Appointments made"),
    "closed": _("Closed"),
}


class BoardFilter(forms.Form):
    """Filters of the supervisor's list; their names are part of the address and of links from other pages."""

    q = forms.CharField(label=_("Order number"), required=False, max_length=40)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Open")), ("any", _("All")), *State.choices]
    )
    age = forms.ChoiceField(
        label=pgettext_lazy("order", "Age"),
        required=False,
        choices=[ALL, *((key, label) for key, (label, _y, _o) in AGES.items())],
    )
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[ALL, ("overdue", _("Overdue")), ("today", _("Due today")), ("late", _("Appointment is late"))],
    )
    clock = forms.ChoiceField(
        label=pgettext_lazy("order", "Clocks"), required=False, choices=[ALL, *CLOCK_STATES.items()]
    )
    type = forms.ChoiceField(label=_("Type"), required=False)
    team = forms.ChoiceField(label=pgettext_lazy("team", "Group"), required=False)
    agent = forms.ChoiceField(label=_("Agent"), required=False)
    done_by = forms.ChoiceField(label=_("Done by"), required=False)
    gain = forms.ChoiceField(
        label=_("Expected gain"),
        required=False,
        choices=[ALL, *((key, label) for key, (label, _which) in GAINS.items())],
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=60)
    billing = forms.ChoiceField(
        label=_("Accepted offer"), required=False,
        choices=[ALL, ("waiting", _("Waiting for billing")), ("refused", _("Refused by billing"))],
    )  # fmt: skip
    figure = figure_field("orders")
    # Of orders that a person opened together: the instant is the same of all of them.
    due_since = forms.DateTimeField(label=_("Falls due from"), required=False, widget=forms.HiddenInput)
    due_until = forms.DateTimeField(label=_("Falls due until"), required=False, widget=forms.HiddenInput)
    opened_at = forms.DateTimeField(label=_("Opened together"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, agents: Sequence[User] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = OrderType.objects.current()
        self.fields["type"].choices = [ALL, *((one.code, one.title) for one in types)]
        self.fields["team"].choices = [ALL, *((one.code, one.title) for one in teams_under(user))]
        people = agents if agents is not None else agents_under(user)
        former = former_agents(WorkOrder.objects.visible_to(user), people)
        names = [(one.username, agent_name(one)) for one in [*people, *former]]
        nobody = [(NOBODY, _("Nobody")), (LEFT, _("People who work no orders any more"))]
        self.fields["agent"].choices = [ALL, *nobody, *names]
        self.fields["done_by"].choices = [ALL, *names]


class DayFilter(forms.Form):
    """Of which day an agent's contacts are, and which of them. Without a day: the business day."""

    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=KNOWN_DAYS,
    )
    counted = forms.ChoiceField(label=_("Counted as"), required=False, choices=[ALL, *COUNTED.items()])
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaves = Disposition.objects.exclude(result="")
        self.fields["outcome"].choices = [ALL, *((one.code, one.title) for one in leaves)]


class PersonField(forms.ChoiceField):
    """A choice among the people of one's groups; others may be asked for, and then have no rows here."""

    def valid_value(self, value: str) -> bool:
        return True


class PeriodFilter(forms.Form):
    """Whose work of which days. Without days: the last `usual_days`."""

    usual_days: ClassVar[int] = 7

    after = forms.DateField(
        label=pgettext_lazy("period", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=KNOWN_DAYS,
    )
    before = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}), validators=KNOWN_DAYS
    )
    team = forms.ChoiceField(label=pgettext_lazy("team", "Group"), required=False)
    agent = PersonField(label=_("Agent"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Sequence[User] = agents_under(user)
        former = former_agents(WorkOrder.objects.visible_to(user), people)
        self.fields["team"].choices = [ALL, *((one.code, one.title) for one in teams_under(user))]
        self.fields["agent"].choices = [ALL, *((one.username, agent_name(one)) for one in [*people, *former])]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        period = self._period(data)
        if period.last < period.first:
            self.add_error("before", gettext("The last day lies before the first."))
        elif (period.last - period.first).days >= MOST_DAYS:
            self.add_error("after", gettext("At most %(days)d days at once.") % {"days": MOST_DAYS})
        return data

    @property
    def period(self) -> Period:
        """The days asked for; the usual ones where the address makes no sense."""
        return self._period(self.cleaned_data if self.is_valid() else {})

    def _period(self, data: dict[str, Any]) -> Period:
        last = data.get("before") or max(clock.today(), data.get("after") or clock.today())
        return Period(data.get("after") or last - timedelta(days=self.usual_days - 1), last)


def agent_name(person: User) -> str:
    """The name as lists of agents show it: it says who is deactivated."""
    if person.is_active:
        return person.display_name
    return gettext("%(name)s (deactivated)") % {"name": person.display_name}


class GiveForm(forms.Form):
    """To whom orders are given: an agent, or a group's queue."""

    agent = forms.ModelChoiceField(
        User.objects.none(), label=_("Agent"), required=False, to_field_name="username", empty_label=_("No one person")
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("or the queue of"), required=False, to_field_name="code", empty_label="–"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, teams = agents_under(user), teams_under(user)
        self.fields["agent"].queryset = User.objects.filter(pk__in=[one.pk for one in people]).order_by("username")
        self.fields["agent"].label_from_instance = lambda one: one.display_name
        self.fields["agent"].widget.attrs["autofocus"] = True
        self.fields["team"].queryset = Team.objects.filter(pk__in=[one.pk for one in teams])

    def clean(self) -> dict:
        data = super().clean() or {}
        if not self.errors and bool(data.get("agent")) == bool(data.get("team")):
            raise forms.ValidationError(_("Choose an agent or a group."))
        return data

    @property
    def given(self) -> dict[str, Any]:
        agent, team = self.cleaned_data["agent"], self.cleaned_data["team"]
        return {"agent": agent.username} if agent else {"team": team.code}


class TakeBackForm(forms.Form):
    """It asks for nothing."""

    given: Mapping[str, Any] = {}


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why are they cancelled?"), max_length=200, strip=True)

    @property
    def given(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class DeferForm(forms.Form):
    until = forms.DateTimeField(
        label=_("Not before"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, strip=True)

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        now = clock.now()
        if not now < until <= now + timedelta(days=MAX_DEFERRED_DAYS):
            raise forms.ValidationError(_("The time lies in the past or too far ahead."))
        return until

    @property
    def given(self) -> dict[str, Any]:
        return {"until": self.cleaned_data["until"].isoformat(), "reason": self.cleaned_data["reason"]}


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, choices=[(one, str(one)) for one in range(1, 10)],
        help_text=_("1 is the most urgent, 9 the least."),
    )  # fmt: skip

    @property
    def given(self) -> dict[str, Any]:
        return {"priority": self.cleaned_data["priority"]}
