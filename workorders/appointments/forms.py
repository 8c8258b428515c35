"""Which days of appointments are shown."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import pgettext_lazy

from workorders.appointments.text import LOCAL_TIME


class DaysForm(forms.Form):
    VIEWS = (("week", pgettext_lazy("calendar view", "Week")), ("day", pgettext_lazy("calendar view", "Day")))

    view = forms.ChoiceField(required=False, choices=VIEWS)
    day = forms.DateField(
        required=False, validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]
    )


class MomentForm(forms.Form):
    appointment_at = forms.DateTimeField(input_formats=[LOCAL_TIME, "%Y-%m-%d %H:%M"])
