"""The forms of an absence. What days and covers are possible, the services say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.models import User
from retention.core.administration.forms import RowForm
from retention.core.staff.queries import people
from workorders.allocation.models import Absence
from workorders.allocation.queries import WORKERS

DAY_INPUT = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AbsenceForm(RowForm):
    class Meta:
        model = Absence
        fields: tuple[str, ...] = ("first_day", "last_day", "reason", "cover")
        labels = {
            "first_day": _("First day"), "last_day": _("Last day"), "reason": _("Reason"),
            "cover": pgettext_lazy("absence", "Cover"),
        }  # fmt: skip
        help_texts = {
            "cover": _("Has the orders meanwhile that the agent has not begun, and new ones of the agent's customers.")
        }
        widgets = {"first_day": DAY_INPUT, "last_day": DAY_INPUT}

    def prepare(self) -> None:
        mates = people().visible_to(self.actor).filter(is_active=True, role__in=WORKERS).order_by("username")
        for name in ("agent", "cover"):
            if name in self.fields:
                self.fields[name].queryset = mates
                self.fields[name].label_from_instance = lambda one: one.display_name
        self.fields["cover"].empty_label = _("The group")


class NewAbsenceForm(AbsenceForm):
    class Meta(AbsenceForm.Meta):
        fields = ("agent", *AbsenceForm.Meta.fields)
        labels = AbsenceForm.Meta.labels | {"agent": _("Agent")}


class AbsenceFilter(forms.Form):
    when = forms.ChoiceField(
        label=pgettext_lazy("absence", "When"), required=False,
        choices=[("", _("Now and later")), ("now", _("Now")), ("over", _("Over"))],
    )  # fmt: skip
    agent = forms.ModelChoiceField(
        User.objects.none(), label=_("Agent"), required=False, to_field_name="username", empty_label=_("All")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = people().visible_to(user).filter(role__in=WORKERS).order_by("username")
        self.fields["agent"].label_from_instance = lambda one: one.display_name
