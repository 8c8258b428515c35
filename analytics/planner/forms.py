"""Forms of the planner's question and of the assumptions it computes with. Validation is done by the services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.planner.services import BEST
from analytics.valuation.models import Experiment, Treatment, TreatmentKind, ValueTerms
from analytics.valuation.services import ASSUMPTION_FIELDS, EXPERIMENT_COUNTS, TREATMENT_FIELDS
from customers.facts.models import LineType
from customers.fields.choices import RiskTier, TenureCohort, ValueBand
from retention.core.accounts.forms import BranchFilterField
from retention.core.accounts.models import Branch

ANY = ("", _("All"))
DEFAULT_CONTACTS = 1000


class PlannerForm(forms.Form):
    branch = BranchFilterField()
    tier = forms.ChoiceField(label=_("Risk tier"), required=False, choices=[ANY, *RiskTier.choices])
    cohort = forms.ChoiceField(label=_("Tenure"), required=False, choices=[ANY, *TenureCohort.choices])
    line_type = forms.ChoiceField(label=_("Line type"), required=False, choices=[ANY, *LineType.choices])
    band = forms.ChoiceField(
        label=pgettext_lazy("customer", "Value"), required=False, choices=[ANY, *ValueBand.choices]
    )
    treatment = forms.ChoiceField(
        label=_("Treatment"), required=False, choices=[("", _("The best for each line")), *TreatmentKind.choices]
    )
    calls = forms.IntegerField(label=_("Contacts available"), required=False, min_value=1, max_value=10_000_000)

    def __init__(self, *args: Any, branches: "QuerySet[Branch]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches
        self.fields["calls"].widget.attrs["placeholder"] = str(DEFAULT_CONTACTS)

    @property
    def chosen(self) -> str:
        return (self.cleaned_data.get("treatment") if self.is_valid() else "") or BEST

    @property
    def contacts(self) -> int:
        return self.given_contacts or DEFAULT_CONTACTS

    @property
    def given_contacts(self) -> int | None:
        return self.cleaned_data.get("calls") if self.is_valid() else None


class PlannedForm(PlannerForm):
    """The planner's question, and which of its lists is shown."""

    pick = forms.ChoiceField(
        label=_("List"),
        required=False,
        choices=[("", _("All contacts that pay")), ("asked", _("As many as there are contacts"))],
    )

    @property
    def length(self) -> int | None:
        """The number of contacts; None for all that pay."""
        asked = self.is_valid() and self.cleaned_data.get("pick") == "asked"
        return self.contacts if asked else None


def _form(model: type[Model], names: Sequence[str], **options: Any) -> type[forms.Form]:
    """A plain form of a row's fields; the service validates them and attaches its errors to the fields."""
    return type(f"{model.__name__}Form", (forms.Form,), fields_for_model(model, names, **options))


AssumptionsForm = _form(ValueTerms, ASSUMPTION_FIELDS)
TreatmentForm = _form(Treatment, TREATMENT_FIELDS)
# The outcome of a randomised test.
ExperimentForm = _form(
    Experiment,
    ("source", "kind", "cohort", "band", "as_of", *EXPERIMENT_COUNTS),
    widgets={"as_of": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    labels={"source": _("Name of the test")},
    help_texts={
        "source": _("For example the campaign and its month."),
        "cohort": _("Blank: lines of every tenure."),
        "band": _("Blank: lines of every value."),
    },
)
