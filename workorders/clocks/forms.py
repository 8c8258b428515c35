"""Forms of working calendars and of a type's clocks."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import Team, User
from retention.core.administration.forms import RowForm
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Managed
from workorders.clocks.models import WorkCalendar, usual_week
from workorders.clocks.public_days import COUNTRIES
from workorders.clocks.text import WEEKDAYS
from workorders.order_types.clocks import ESCALATE_MINUTES, MOST_MINUTES, WARN_PERCENT, ClockKind, Counting
from workorders.order_types.models import OrderType
from workorders.orders.states import HELD, State

_LINE = re.compile(r"(\S+)\s*((?:\d{1,2}[:：]\d{2}\s*[-–—－~至]\s*\d{1,2}[:：]\d{2}[\s,，、;；]*)*)(.*)")


class WorkCalendarForm(ManagedForm):
    model = WorkCalendar

    groups = forms.MultipleChoiceField(
        label=_("Only for these groups"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for every group of the branch and below that has no nearer calendar."),
    )  # fmt: skip
    holidays = forms.ChoiceField(label=_("Public holidays"), required=False, choices=list(COUNTRIES.items()))
    days = forms.CharField(
        label=_("Own days"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "One a line: day, hours, name, as in “2027-02-14 09:00-12:00 Made-up Sunday”. Without hours the day is off."
            " They override the week and the public holidays."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, instance: Managed | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        teams = Team.objects.order_by("code")
        self.fields["groups"].choices = [(team.code, team.title) for team in teams]
        week = getattr(instance, "hours", None) or usual_week()
        for place, (label, text) in enumerate(zip(WEEKDAYS, week, strict=True)):
            self.fields[f"hours_{place}"] = forms.CharField(
                label=label, required=False, max_length=120, initial=text,
                widget=forms.TextInput(attrs={"placeholder": "09:00-12:00, 14:00-18:00", "autocomplete": "off"}),
            )  # fmt: skip
        stored = getattr(instance, "days", [])
        lines = [" ".join(filter(None, (one["day"], one["hours"], one["name"]))) for one in stored]
        self.initial["days"] = "\n".join(lines)
        if instance is None:
            self.initial["holidays"] = "CN"

    def week_fields(self) -> list[forms.BoundField]:
        return [self[f"hours_{place}"] for place in range(len(WEEKDAYS))]

    def clean_days(self) -> list[dict[str, str]]:
        found = []
        for line in self.cleaned_data["days"].splitlines():
            if match := _LINE.fullmatch(line.strip()):
                day, hours, name = (part.strip(" ,，、;；") for part in match.groups())
                found.append({"day": day, "hours": hours, "name": name})
        return found

    def values(self) -> dict[str, Any]:
        hours = [self.cleaned_data[f"hours_{place}"] for place in range(len(WEEKDAYS))]
        return super().values() | {"hours": hours}


class ClocksForm(RowForm):
    """The clocks of an order type; a kind without minutes is not measured, but for the close."""

    class Meta:
        model = OrderType
        fields = ()

    def prepare(self) -> None:
        declared = {one.kind: one for one in self.instance.clock_specs}
        stored = {one["kind"]: one for one in self.instance.clocks}
        for kind in ClockKind:
            spec, given = declared.get(kind), stored.get(kind, {})
            self.fields[f"{kind}_minutes"] = forms.IntegerField(
                label=_("Minutes"), min_value=1, max_value=MOST_MINUTES, required=False, initial=given.get("minutes")
            )
            self.fields[f"{kind}_calendar"] = forms.ChoiceField(
                label=_("Counts"), choices=Counting.choices, initial=spec.counting if spec else Counting.WORKING
            )
            self.fields[f"{kind}_warn_percent"] = forms.IntegerField(
                label=_("Warns at (% of the time)"), min_value=1, max_value=99,
                initial=spec.warn_percent if spec else WARN_PERCENT,
            )  # fmt: skip
            self.fields[f"{kind}_escalate_minutes"] = forms.IntegerField(
                label=_("Managers are told after (minutes over time)"), min_value=1, max_value=MOST_MINUTES,
                initial=spec.escalate_minutes if spec else ESCALATE_MINUTES,
            )  # fmt: skip
            self.fields[f"{kind}_pauses_in"] = forms.MultipleChoiceField(
                label=_("Stands still in"), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(state.value, state.label) for state in (State.QUEUED, *HELD)],
                initial=sorted(spec.pauses_in) if spec else [State.WAITING.value],
            )  # fmt: skip

    def own_names(self) -> list[str]:
        return ["clocks"]

    def rows(self) -> list[tuple[ClockKind, list[forms.BoundField]]]:
        """(kind, its fields), for the page."""
        return [(kind, [one for one in self if one.name.startswith(f"{kind}_")]) for kind in ClockKind]

    def values(self) -> dict[str, Any]:
        made = []
        for kind in ClockKind:
            given = {name: self.cleaned_data[f"{kind}_{name}"] for name in (
                "minutes", "calendar", "warn_percent", "escalate_minutes", "pauses_in",
            )}  # fmt: skip
            if given["minutes"] is None:
                if kind != ClockKind.CLOSE:
                    continue
                del given["minutes"]
            made.append({"kind": kind.value, **given})
        return {"clocks": made}
