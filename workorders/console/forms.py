"""Forms of the console. The services judge; these only read."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from workorders.console.text import LOCAL_TIME

# What an outcome form may carry; answers to the type's own questions begin with ANSWER.
OUTCOME_FIELDS = ("disposition", "note", "appointment_at")


ANSWER_PREFIX = "answer_"


class OutcomeForm(forms.Form):
    """The end of a contact as it is typed. Which disposition and when: record_outcome() knows what is allowed."""

    disposition = forms.CharField(required=False, max_length=40)
    note = forms.CharField(required=False, max_length=4000)
    appointment_at = forms.DateTimeField(required=False, input_formats=[LOCAL_TIME, "%Y-%m-%d %H:%M"])
    version = forms.IntegerField(required=False)


class HistoryFilter(forms.Form):
    """How far back the own workload is shown."""

    PERIODS = (("7", _("Last 7 days")), ("30", _("Last 30 days")), ("90", _("Last 90 days")))

    period = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)

    @property
    def days(self) -> int:
        return int(self.cleaned_data.get("period") or 7) if self.is_valid() else 7


def typed_fields(post: QueryDict) -> dict[str, str]:
    """What a person has typed into the outcome form, without tokens and buttons."""
    return {key: str(value) for key, value in post.items() if key in OUTCOME_FIELDS or key.startswith(ANSWER_PREFIX)}


def typed_answers(typed: dict[str, str]) -> dict[str, object]:
    return {key.removeprefix(ANSWER_PREFIX): value for key, value in typed.items() if key.startswith(ANSWER_PREFIX)}
