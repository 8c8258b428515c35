"""Forms of the console. The services judge; these only read."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.models import Team
from retention.core.ui.filters import parse_number
from retention.core.ui.forms import LongTextField
from workorders.appointments.text import LOCAL_TIME
from workorders.order_types import rules
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.services.steps import Given
from workorders.orders.states import OPEN

# Fields of an outcome form; answers to the type's own questions begin with ANSWER_PREFIX.
OUTCOME_FIELDS = ("disposition", "note", "appointment_at")
ANSWER_PREFIX = "answer_"


def _is_kept(name: str) -> bool:
    return name in OUTCOME_FIELDS or name.startswith(ANSWER_PREFIX)


class OutcomeForm(forms.Form):
    """The outcome of a contact as entered. record_outcome() checks the disposition and the time."""

    disposition = forms.CharField(required=False, max_length=40)
    note = forms.CharField(required=False)
    appointment_at = forms.DateTimeField(required=False, input_formats=[LOCAL_TIME, "%Y-%m-%d %H:%M"])
    appointment_anyway = forms.DateTimeField(required=False, input_formats=[LOCAL_TIME, "%Y-%m-%d %H:%M"])
    version = forms.IntegerField(required=False)

    @property
    def anyway(self) -> bool:
        """Whether the agent wants this very time although it is near to another appointment."""
        wanted = self.cleaned_data.get("appointment_anyway")
        return wanted is not None and wanted == self.cleaned_data.get("appointment_at")

    @property
    def typed(self) -> dict[str, str]:
        """The submitted fields, valid or not, without tokens and buttons; several values of one field with commas."""
        return {key: self._text(key).replace("\r\n", "\n") for key in self.data if _is_kept(key)}

    def _text(self, key: str) -> str:
        many = self.data.getlist(key) if key.startswith(ANSWER_PREFIX) and hasattr(self.data, "getlist") else []
        return ",".join(many) if len(many) > 1 else str(self.data.get(key, ""))

    @property
    def known(self) -> int | None:
        """The revision of the draft that the page has; None when it does not say."""
        return parse_number(self.data.get("known_draft", ""))

    @property
    def answers(self) -> dict[str, object]:
        """{key: value} of the answers to the type's own questions."""
        return {
            key.removeprefix(ANSWER_PREFIX): value for key, value in self.typed.items() if key.startswith(ANSWER_PREFIX)
        }

    @property
    def problems(self) -> list[dict[str, str]]:
        """The fields that cannot be read, as the details of an Invalid."""
        return [
            {"field": field, "code": "unreadable", "message": str(errors[0])} for field, errors in self.errors.items()
        ]


class HistoryFilter(forms.Form):
    """The period of the own workload."""

    PERIODS = (("7", _("Last 7 days")), ("30", _("Last 30 days")), ("90", _("Last 90 days")))

    period = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)

    @property
    def days(self) -> int:
        return int(self.cleaned_data.get("period") or 7) if self.is_valid() else 7


class WorkListFilter(forms.Form):
    """Filters of an agent's list of orders: the own ones, or what waits in the queues of the groups."""

    scope = forms.ChoiceField(
        label=_("Orders"), required=False, choices=[("", _("Mine")), ("group", _("Waiting in my groups"))]
    )
    due = forms.ChoiceField(
        label=_("Due"), required=False,
        choices=[
            ("", _("All")), ("overdue", _("Overdue")), ("today", _("Due today")), ("late", _("Appointment is late")),
        ],
    )  # fmt: skip


class StepForm(forms.Form):
    """What one move of the order's type asks for; the service judges it."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: WorkOrder, needs: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = order.version
        asked = {one.key: one for one in rules.read(order.type.flow, order.type.fields).fields}
        for name in needs:
            if name in asked:
                self.fields[asked[name].input_name] = _answer_field(asked[name])
            elif name in _NEEDED:
                self.fields[name] = _NEEDED[name](order)

    def given(self) -> Given:
        values = {name: value for name, value in self.cleaned_data.items() if name in _NEEDED and value}
        answers = {
            name.removeprefix(ANSWER_PREFIX): value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if name.startswith(ANSWER_PREFIX) and value is not None
        }
        return Given(**{name: value for name, value in values.items() if name != "order_type"}, answers=answers)


def _until(order: WorkOrder) -> forms.Field:
    picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_TIME)
    return forms.DateTimeField(
        label=pgettext_lazy("order", "Until"), widget=picker, input_formats=[LOCAL_TIME, "%Y-%m-%d %H:%M"]
    )


def _into(order: WorkOrder) -> forms.Field:
    others = WorkOrder.objects.filter(customer=order.customer_id, state__in=OPEN).exclude(pk=order.pk)
    choices = [(one.order_no, f"{one.order_no} · {one.type.title}") for one in others.select_related("type")]
    return forms.ChoiceField(label=_("Order that takes it in"), choices=choices)


_NEEDED: dict[str, Callable[[WorkOrder], forms.Field]] = {
    "reason": lambda order: forms.CharField(label=_("Reason"), max_length=200),
    "note": lambda order: LongTextField(label=_("Note"), max_length=4000),
    "until": _until,
    "team": lambda order: forms.ModelChoiceField(Team.objects.exclude(pk=order.team_id or 0), label=_("Group")),
    "into": _into,
    "order_type": lambda order: forms.ChoiceField(
        label=_("Order type"), choices=[(one.code, one.title) for one in OrderType.objects.current()]
    ),
}


def _answer_field(one: rules.FormField) -> forms.Field:
    """A field of the form, as the kind of its answer asks for."""
    match one.kind:
        case rules.Kind.CHOICE:
            return forms.ChoiceField(label=one.title, choices=[(each.value, each.title) for each in one.choices])
        case rules.Kind.FLAG:
            return forms.BooleanField(label=one.title)
        case rules.Kind.NUMBER:
            return forms.FloatField(label=one.title, min_value=one.least, max_value=one.most)
        case rules.Kind.DATE:
            return forms.DateField(label=one.title, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.CharField(label=one.title, max_length=rules.MAX_ANSWER_CHARACTERS)
