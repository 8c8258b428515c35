"""To whom and what. Validation is done by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.models import Team, User
from retention.core.ui.forms import LongTextField
from workorders.desk_messages.services import MAX_TEXT
from workorders.orders.queries import teams_under
from workorders.supervision.services import agents_under


class DeskMessageForm(forms.Form):
    agents = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Agents"),
        required=False,
        to_field_name="username",
        widget=forms.CheckboxSelectMultiple,
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=pgettext_lazy("team", "Group"),
        required=False,
        to_field_name="code",
        empty_label=_("No whole group"),
    )
    text = LongTextField(label=_("Message"), max_length=MAX_TEXT, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [one.pk for one in agents_under(user) if one != user]
        self.fields["agents"].queryset = User.objects.filter(pk__in=people).order_by("username")
        self.fields["agents"].label_from_instance = lambda one: one.display_name
        self.fields["team"].queryset = Team.objects.filter(pk__in=[one.pk for one in teams_under(user)])
