"""The filters of the results; all of them stand in the address."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.forms import BranchFilterField
from retention.core.accounts.models import Branch, User
from workorders.order_types.models import Disposition, OrderType
from workorders.survey_results.visits import GROUPS
from workorders.surveys.models import Questionnaire
from workorders.surveys.tree import Block

ALL = ("", _("All"))
_ANSWER = re.compile(r"[a-z0-9_]{1,32}:.{1,200}")


class AnswersField(forms.MultipleChoiceField):
    """Texts `question:value`; those of free questions as well, which no list could offer."""

    def valid_value(self, value: str) -> bool:
        return bool(_ANSWER.fullmatch(value))


class ResultsFilter(forms.Form):
    after = forms.DateField(
        label=pgettext_lazy("period", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    before = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    branch = BranchFilterField(outlets=False)
    type = forms.ChoiceField(label=_("Order type"), required=False)
    version = forms.TypedChoiceField(label=_("Version"), required=False, coerce=int, empty_value=None)
    disposition = forms.ChoiceField(label=_("Disposition"), required=False)
    result = forms.ChoiceField(label=_("Result"), required=False, choices=[ALL, *Disposition.Result.choices])
    answers = AnswersField(
        label=pgettext_lazy("of a choice", "Answer"), required=False, widget=forms.MultipleHiddenInput
    )
    at_branch = forms.CharField(label=_("Only at the branch"), required=False, widget=forms.HiddenInput, max_length=40)
    rows = forms.ChoiceField(label=_("Cross table: rows"), required=False)
    columns = forms.ChoiceField(label=_("Cross table: columns"), required=False)
    by = forms.ChoiceField(
        label=_("Evaluation of visits by"), required=False, choices=[(key, one[0]) for key, one in GROUPS.items()]
    )

    def __init__(self, *args: Any, user: User, code: str, questions: Sequence[Block], visits: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.visible_to(user)
        types = OrderType.objects.current()
        self.fields["type"].choices = [ALL, *((row.code, row.title) for row in types)]
        versions = Questionnaire.objects.published().versions_of(code).values_list("version", flat=True)
        self.fields["version"].choices = [ALL, *((number, str(number)) for number in versions)]
        self.fields["disposition"].choices = [ALL, *((row.code, row.title) for row in Disposition.objects.for_list())]
        closed = [block for block in questions if block.offered()]
        self.fields["answers"].choices = [
            (f"{block.key}:{choice.value}", f"{block.title} {choice.title}")
            for block in closed for choice in block.offered()
        ]  # fmt: skip
        crossed = [("", _("None")), *((f"q:{block.key}", block.title) for block in closed), *attribute_names()]
        self.fields["rows"].choices = self.fields["columns"].choices = crossed
        if not visits:
            del self.fields["by"]


def attribute_names() -> list[tuple[str, Any]]:
    return [
        ("branch", _("Branch")),
        ("type", _("Order type")),
        ("version", _("Version")),
        ("disposition", _("Disposition")),
        ("result", _("Result")),
    ]
