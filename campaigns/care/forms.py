"""The form of a care notice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.care.models import NOTICE, CareNotice
from campaigns.scenarios.models import Scenario
from retention.core.accounts.models import User
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Managed

DAY = {"type": "date"}


class CareNoticeForm(ManagedForm):
    model = CareNotice

    scenario = forms.ModelChoiceField(
        label=_("Kind of care"), queryset=Scenario.objects.none(), empty_label=None,
        help_text=_("It says who is told, how many days before, and in which words."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("Starts on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Ends on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("Until then, customers who have not been told yet are told."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, instance: Managed | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        self.fields["scenario"].queryset = Scenario.objects.visible_to(user).filter(occasion=NOTICE).order_by("code")
