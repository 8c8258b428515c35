"""Forms of quality review. Single fields are read here; services decide."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from retention.core.accounts.models import User
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Managed
from retention.core.ui.forms import LongTextField
from workorders.order_types.models import Disposition, OrderType
from workorders.quality.criteria import MOST_CRITERIA, MOST_POINTS, MOST_WEIGHT, Criterion, Kind
from workorders.quality.models import Review, SampleRule, ScoreSheet
from workorders.quality.queries.people import reviewers_for
from workorders.quality.queries.results import AGENT, CRITERION, TEAM, WEEK
from workorders.quality.services.calibrating import MOST_CALLS
from workorders.supervision.forms import ALL, PeriodFilter

NOT_APPLICABLE = "na"
_PARTS = ("key", "label", "label_zh", "kind", "weight", "most")


class ScoreSheetForm(ManagedForm):
    """Rows of criteria; one without a label is none."""

    model = ScoreSheet

    def __init__(self, *args: Any, user: User, instance: Managed | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        stored = getattr(instance, "criteria", [])
        for place in range(MOST_CRITERIA):
            self._add_row(place, stored[place] if place < len(stored) else {})

    def _add_row(self, place: int, row: Mapping[str, Any]) -> None:
        made: dict[str, forms.Field] = {
            "key": forms.CharField(widget=forms.HiddenInput, required=False, max_length=32),
            "label": forms.CharField(label=gettext_lazy("What is judged"), max_length=120, required=False),
            "label_zh": forms.CharField(label=gettext_lazy("In Chinese"), max_length=120, required=False),
            "kind": forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices, required=False),
            "weight": forms.IntegerField(
                label=gettext_lazy("Weight"), min_value=1, max_value=MOST_WEIGHT, required=False
            ),
            "most": forms.IntegerField(
                label=gettext_lazy("Points at most"), min_value=1, max_value=MOST_POINTS, required=False
            ),
        }
        for name, field in made.items():
            field.initial = row.get(name)
            self.fields[f"c{place}_{name}"] = field

    def rows(self) -> list[dict[str, forms.BoundField]]:
        """{part: field} of each row, for the page."""
        return [{name: self[f"c{place}_{name}"] for name in _PARTS} for place in range(MOST_CRITERIA)]

    def values(self) -> dict[str, Any]:
        given = [{name: self.cleaned_data.get(f"c{place}_{name}") for name in _PARTS} for place in range(MOST_CRITERIA)]
        rows = [one for one in given if one["label"]]
        taken = {one["key"] for one in rows if one["key"]}
        free = (key for number in range(1, 1000) if (key := f"c{number}") not in taken)
        criteria = [
            {
                "key": one["key"] or next(free),
                "kind": one["kind"] or Kind.POINTS.value,
                "label": one["label"],
                "label_zh": one["label_zh"] or "",
                "weight": one["weight"] or 1,
                "most": one["most"] or (5 if one["kind"] == Kind.POINTS else 1),
            }
            for one in rows
        ]
        return super().values() | {"criteria": criteria}


class SampleRuleForm(ManagedForm):
    model = SampleRule

    sheet = forms.ModelChoiceField(ScoreSheet.objects.none(), label=gettext_lazy("Score sheet"))
    per_agent = forms.IntegerField(
        label=gettext_lazy("Calls of each agent a week"), min_value=0, max_value=50, initial=2
    )
    share_percent = forms.IntegerField(
        label=gettext_lazy("Share of all calls (%)"), min_value=0, max_value=100, initial=0
    )
    complaints = forms.BooleanField(
        label=gettext_lazy("Always those with a complaint within seven days afterwards"), required=False, initial=True
    )
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Only these order types"), required=False, widget=forms.CheckboxSelectMultiple
    )
    dispositions = forms.MultipleChoiceField(
        label=gettext_lazy("Only these dispositions"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: User, instance: Managed | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        self.fields["sheet"].queryset = ScoreSheet.objects.visible_to(user)
        self.fields["types"].choices = [(one.code, one.title) for one in OrderType.objects.current()]
        leaves = Disposition.objects.exclude(result="")
        self.fields["dispositions"].choices = [(one.code, one.title) for one in leaves]


class ReviewForm(forms.Form):
    """The scores of a call, one field a criterion, and what is said to them."""

    comment = LongTextField(label=gettext_lazy("Comment"), max_length=2000, required=False)

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for one in criteria:
            self.fields[f"s_{one.key}"] = forms.ChoiceField(
                label=one.title, choices=_score_choices(one), required=False, widget=forms.RadioSelect
            )
            self.fields[f"n_{one.key}"] = forms.CharField(label=gettext_lazy("Note"), max_length=400, required=False)

    def rows(self) -> list[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"s_{one.key}"], self[f"n_{one.key}"]) for one in self.criteria]

    def scores(self) -> dict[str, int | None]:
        """{criterion: score}; those without one are missing."""
        given = {one.key: self.cleaned_data.get(f"s_{one.key}", "") for one in self.criteria}
        return {key: None if text == NOT_APPLICABLE else int(text) for key, text in given.items() if text}

    def comments(self) -> dict[str, str]:
        return {one.key: self.cleaned_data.get(f"n_{one.key}", "") for one in self.criteria}


def _score_choices(one: Criterion) -> list[tuple[str, Any]]:
    words = {Kind.YES_NO: (_("no"), _("yes")), Kind.FATAL: (_("failed"), _("passed"))}.get(one.kind)
    labels = [words[score] if words else str(score) for score in one.scores]
    return [*((str(score), label) for score, label in zip(one.scores, labels, strict=True)),
            (NOT_APPLICABLE, _("does not apply"))]  # fmt: skip


class SheetChoiceForm(forms.Form):
    sheet = forms.ModelChoiceField(ScoreSheet.objects.none(), label=gettext_lazy("Score sheet"), to_field_name="code")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].queryset = ScoreSheet.objects.visible_to(user).filter(enabled=True)


class ReplyForm(forms.Form):
    text = LongTextField(label=gettext_lazy("Reason, when you object"), max_length=2000, required=False)


class AnswerForm(forms.Form):
    text = LongTextField(label=gettext_lazy("Answer"), max_length=2000, required=False)


def _sheet_choices() -> list[tuple[str, Any]]:
    return [ALL, *((one.code, one.title) for one in ScoreSheet.objects.all())]


COUNTED: dict[str, Any] = {
    "reviews": gettext_lazy("Reviews that count"),
    "fatal": gettext_lazy("Something fatal"),
    "objected": gettext_lazy("Objections"),
}


class ReviewFilter(PeriodFilter):
    usual_days = 28

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[ALL, *Review.State.choices])
    reason = forms.ChoiceField(
        label=gettext_lazy("Drawn because"),
        required=False,
        choices=[ALL, *(one for one in Review.Reason.choices if one[0] != Review.Reason.CALIBRATION)],
    )
    sheet = forms.ChoiceField(label=gettext_lazy("Score sheet"), required=False, choices=_sheet_choices)
    counted = forms.ChoiceField(label=gettext_lazy("Counted as"), required=False, choices=[ALL, *COUNTED.items()])
    criterion = forms.CharField(
        label=gettext_lazy("Criterion"), required=False, max_length=32, widget=forms.HiddenInput
    )


class ResultFilter(PeriodFilter):
    usual_days = 28

    by = forms.ChoiceField(
        label=gettext_lazy("Counted by"),
        required=False,
        choices=[
            (AGENT, gettext_lazy("Agents")),
            (TEAM, pgettext_lazy("teams", "Groups")),
            (CRITERION, gettext_lazy("Criteria")),
            (WEEK, gettext_lazy("Weeks")),
        ],
    )
    sheet = forms.ChoiceField(label=gettext_lazy("Score sheet"), required=False, choices=_sheet_choices)


class CalibrationForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    sheet = forms.ModelChoiceField(ScoreSheet.objects.none(), label=gettext_lazy("Score sheet"))
    calls = forms.IntegerField(
        label=gettext_lazy("Number of calls"),
        min_value=1,
        max_value=MOST_CALLS,
        initial=5,
        help_text=gettext_lazy("Drawn from the closed calls of the last four weeks, none of a reviewer's own."),
    )
    reviewers = forms.ModelMultipleChoiceField(
        User.objects.none(), label=gettext_lazy("Reviewers"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].queryset = ScoreSheet.objects.visible_to(user).filter(enabled=True)
        people = reviewers_for(user)
        self.fields["reviewers"].queryset = User.objects.filter(pk__in=[one.pk for one in people]).order_by("username")
        self.fields["reviewers"].label_from_instance = lambda one: one.display_name
