from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.churn.models import Meaning, OutcomeDefinition
from analytics.outcomes.services.definitions import FIELDS
from customers.facts.models import LineType, Plan
from customers.fields.choices import TenureCohort

ANY = ("", gettext_lazy("All"))


class OutcomeFilter(forms.Form):
    meaning = forms.ChoiceField(label=gettext_lazy("Meaning"), required=False, choices=Meaning.choices)
    line_type = forms.ChoiceField(label=gettext_lazy("Line type"), required=False, choices=[ANY, *LineType.choices])
    cohort = forms.ChoiceField(label=gettext_lazy("Tenure"), required=False, choices=[ANY, *TenureCohort.choices])

    @property
    def chosen(self) -> dict[str, str]:
        """The chosen filters: meaning always; line_type and cohort where set."""
        found = self.cleaned_data if self.is_valid() else {}
        return {"meaning": found.get("meaning") or Meaning.LEAVES} | {
            name: found[name] for name in ("line_type", "cohort") if found.get(name)
        }


class FactorFilter(forms.Form):
    month = forms.ChoiceField(label=gettext_lazy("Month end"), required=False)
    cohort = forms.ChoiceField(label=gettext_lazy("Tenure"), required=False, choices=[ANY, *TenureCohort.choices])

    def __init__(self, *args: Any, months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months


class CommaSeparatedField(forms.Field):
    """Values separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return ", ".join(f"{one:g}" if isinstance(one, float) else str(one) for one in value)

    def to_python(self, value: Any) -> list[Any]:
        return [one.strip() for one in (value or "").replace("，", ",").split(",") if one.strip()]


class AmountsField(CommaSeparatedField):
    def to_python(self, value: Any) -> list[Any]:
        try:
            return [float(one) for one in super().to_python(value)]
        except ValueError:
            raise forms.ValidationError(_("Give amounts with commas between them, such as 20, 40, 60.")) from None


class DefinitionForm(forms.ModelForm):
    """The fields of one meaning of churn."""

    edges = AmountsField(
        label=gettext_lazy("Tiers of spend"),
        help_text=gettext_lazy("The amounts at which a tier begins, yuan a month, with commas between them."),
    )
    brands = CommaSeparatedField(label=gettext_lazy("Brands, highest first"), required=False)

    class Meta:
        model = OutcomeDefinition
        fields = (
            "observation_months", "gap_days", "horizon_days", "outcome_months", "fall_share", "edges", "brands",
        )  # fmt: skip

    def __init__(self, *args: Any, meaning: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(FIELDS[meaning]):
            del self.fields[name]
        if "brands" in self.fields:
            known = Plan.objects.exclude(brand="").values_list("brand", flat=True).distinct().order_by("brand")
            self.fields["brands"].help_text = _(
                "With commas between them; brands that are left out have no rank. Brands on plans: %s."
            ) % (", ".join(known) or "–")
