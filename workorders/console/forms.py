"""Forms of the console. The services judge; these only read."""

from django import forms
from django.utils.translation import gettext_lazy as _

from retention.core.ui.filters import parse_number
from workorders.console.text import LOCAL_TIME

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
    version = forms.IntegerField(required=False)

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
