"""The forms of the segment pages: what a matrix page shows, and the bands of a matrix."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules import Type, parameters, with_parameters
from campaigns.scenarios.models import Scenario
from campaigns.segments.defaults import DIMENSIONS, EXCLUSIONS, STABILITY_DIMENSIONS
from campaigns.segments.models import Segmentation
from campaigns.segments.rules import BAND_LIMIT, CHOICE, NUMBER, RULE, Matrix
from campaigns.segments.text import LAYER_LABELS, format_rule_or_problem
from customers.facts.models import LineType
from customers.fields.text import field_label
from retention.core.accounts.models import Branch, User
from retention.core.db.models import pick
from retention.core.managed.forms import ManagedForm
from retention.core.ui import formats

# Empty rows at the end of the bands of a number.
NEW_BANDS = 2


class AddressForm(forms.Form):
    """A form whose values an address gives."""

    def value(self, name: str, default: Any = None) -> Any:
        """The chosen value; the default for none and for one that makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name) or default


class MatrixFilter(AddressForm):
    """What of a matrix is shown. dates: nights that were counted, newest first."""

    layer = forms.ChoiceField(label=pgettext_lazy("segments", "Layer"), required=False)
    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Branch"), required=False, to_field_name="code", empty_label=_("All")
    )
    on = forms.ChoiceField(label=_("Night"), required=False)
    by = forms.ChoiceField(
        label=_("Shade"), required=False, choices=[("lines", _("Lines")), ("revenue", _("Monthly spend"))]
    )

    def __init__(self, *args: Any, user: User, matrix: Matrix, dates: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layer"].choices = [(layer, LAYER_LABELS[layer]) for layer in matrix.layers]
        self.fields["on"].choices = [(str(day), formats.moment(day)) for day in dates]
        self.fields["branch"].queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)
        if not matrix.layers[1:]:
            del self.fields["layer"]


class MigrationFilter(AddressForm):
    """months: month ends with movements, newest first. dimension: across and down of the matrix."""

    month = forms.ChoiceField(label=_("Month"), required=False)
    dimension = forms.ChoiceField(label=_("Dimension"), required=False)
    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Branch"), required=False, to_field_name="code", empty_label=_("All")
    )

    def __init__(self, *args: Any, user: User, matrix: Matrix, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(str(day), formats.moment(day)) for day in months]
        self.fields["dimension"].choices = [(one.code, one.title) for one in matrix.dimensions]
        self.fields["branch"].queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)


class LinesFilter(forms.Form):
    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Branch"), required=False, to_field_name="code", empty_label=_("All")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)


class ActionForm(forms.Form):
    """Which scenario works on a cell."""

    scenario = forms.ChoiceField(label=_("Scenario"), required=False)
    cell = forms.CharField(widget=forms.HiddenInput, max_length=80)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Scenario.objects.visible_to(user).order_by("code")
        names = [(one.code, f"{one.code} {one.title}") for one in rows]
        self.fields["scenario"].choices = [("", _("none")), *names]


@dataclass
class Group:
    """The fields of a dimension or an exclusion: rows of bound fields, with the sentence of a rule."""

    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""


class SegmentationForm(ManagedForm):
    """Names, exclusions and bands. A new matrix begins with the dimensions that ship for its line type.

    Of a number a manager sets every band's borders, of codes the values, of a rule its numbers; the rule itself is
    that of the matrix it was copied from.
    """

    model = Segmentation
    reserved_codes = frozenset({"new"})

    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    note_zh = forms.CharField(label=_("Note (Chinese)"), max_length=300, required=False)
    line_type = forms.ChoiceField(label=_("Line type"), choices=LineType.choices)

    use_required_attribute = False

    def __init__(self, *args: Any, user: User, instance: Segmentation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        if instance is None:
            return
        # What a line is decides its matrix: another type is another matrix.
        self.fields["line_type"].disabled = True
        for at, one in enumerate(instance.dimensions):
            for place, band in enumerate(self._with_new(one)):
                self._add_band(f"d{at}-b{place}", one, band)
        for at, one in enumerate(instance.exclusions):
            self._add(f"x{at}-applies", forms.BooleanField(label=_("Applies"), required=False), one["applies"])
            self._add_numbers(f"x{at}", one["rule"])

    @staticmethod
    def _with_new(one: dict[str, Any]) -> list[dict[str, Any]]:
        room = BAND_LIMIT - len(one["bands"])
        return one["bands"] + [{}] * (min(NEW_BANDS, room) if one["kind"] == NUMBER else 0)

    def _add(self, name: str, made: forms.Field, initial: Any) -> None:
        self.fields[name] = made
        self.initial.setdefault(name, initial)

    def _add_band(self, name: str, one: dict[str, Any], band: dict[str, Any]) -> None:
        self._add(f"{name}-name", forms.CharField(label=_("Name"), max_length=60, required=False), band.get("name"))
        chinese = forms.CharField(label=_("Name (Chinese)"), max_length=60, required=False)
        self._add(f"{name}-name_zh", chinese, band.get("name_zh"))
        if one["kind"] == NUMBER:
            for key, label in (("from", pgettext_lazy("border", "From")), ("to", pgettext_lazy("border", "Below"))):
                self._add(f"{name}-{key}", forms.FloatField(label=label, required=False), band.get(key))
        elif one["kind"] == CHOICE and band.get("values") is not None:
            values = forms.CharField(
                label=pgettext_lazy("segments", "Values"),
                max_length=300,
                required=False,
                help_text=_("Apart by commas."),
            )
            self._add(f"{name}-values", values, ", ".join(band["values"]))
        elif one["kind"] == RULE and band.get("rule"):
            self._add_numbers(name, band["rule"])

    def _add_numbers(self, name: str, rule: dict[str, Any]) -> None:
        for number in parameters(rule):
            unit = "%" if number.field.type == Type.SHARE else number.field.unit
            label = f"{number.label} ({unit})" if unit else number.label
            shown = number.value * 100 if number.field.type == Type.SHARE else number.value
            self._add(f"{name}-n-{number.name}", forms.FloatField(label=label), round(shown, 6))

    @property
    def dimension_groups(self) -> Iterator[Group]:
        for at, one in enumerate(self.instance.dimensions if self.instance else []):
            group = Group(f"{LAYER_LABELS[one['layer']]} · {_title(one)}")
            if one["field"] if one["kind"] != RULE else "":
                group.note = gettext("Cut by: %(field)s") % {"field": field_label(one["field"])}
            for place, band in enumerate(self._with_new(one)):
                says = format_rule_or_problem(band["rule"]) if band.get("rule") else ""
                if one["kind"] != NUMBER and not band.get("rule") and band.get("values") is None:
                    says = gettext("all others")
                group.rows.append({"says": says, "fields": self._named(f"d{at}-b{place}-")})
            yield group

    @property
    def exclusion_groups(self) -> Iterator[Group]:
        for at, one in enumerate(self.instance.exclusions if self.instance else []):
            yield Group(_title(one), [{"says": format_rule_or_problem(one["rule"]), "fields": self._named(f"x{at}-")}])

    def _named(self, start: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(start)]

    def values(self) -> dict[str, Any]:
        values = super().values()
        if self.instance is None:
            line_type = values["line_type"]
            dimensions = DIMENSIONS.get(line_type, STABILITY_DIMENSIONS)
            return values | {"dimensions": deepcopy(dimensions), "exclusions": deepcopy(EXCLUSIONS)}
        return values | {
            "dimensions": [self._dimension(at, one) for at, one in enumerate(self.instance.dimensions)],
            "exclusions": [
                one | {"applies": self.cleaned_data[f"x{at}-applies"], "rule": self._rule(f"x{at}", one["rule"])}
                for at, one in enumerate(self.instance.exclusions)
            ],
        }

    def _dimension(self, at: int, one: dict[str, Any]) -> dict[str, Any]:
        taken = {band["code"] for band in one["bands"]}
        bands = []
        for place, band in enumerate(self._with_new(one)):
            name = f"d{at}-b{place}"
            if not self.cleaned_data[f"{name}-name"]:
                continue  # taken away, or a new one that is not used
            code = band.get("code") or _free_code(taken)
            taken.add(code)
            bands.append(self._band(name, one, band | {"code": code}))
        if one["kind"] == NUMBER:
            bands.sort(key=lambda band: (band["from"] is not None, band["from"] or 0))
        return one | {"bands": bands}

    def _band(self, name: str, one: dict[str, Any], band: dict[str, Any]) -> dict[str, Any]:
        sent = self.cleaned_data
        changed = band | {"name": sent[f"{name}-name"], "name_zh": sent[f"{name}-name_zh"]}
        if one["kind"] == NUMBER:
            return changed | {"from": sent[f"{name}-from"], "to": sent[f"{name}-to"]}
        if one["kind"] == CHOICE and band.get("values") is not None:
            return changed | {"values": [one.strip() for one in sent[f"{name}-values"].split(",") if one.strip()]}
        return changed | {"rule": self._rule(name, band["rule"])} if band.get("rule") else changed

    def _rule(self, name: str, rule: dict[str, Any]) -> dict[str, Any]:
        sent = {}
        for number in parameters(rule):
            value = self.cleaned_data[f"{name}-n-{number.name}"]
            value = round(value / 100, 8) if number.field.type == Type.SHARE else value
            sent[number.name] = int(value) if float(value).is_integer() else value
        stored = {number.name: number.value for number in parameters(rule)}
        changed = {key: value for key, value in sent.items() if value != stored[key]}
        return with_parameters(rule, changed) if changed else rule


def _title(one: dict[str, Any]) -> str:
    return pick(one["name"], one.get("name_zh", ""))


def _free_code(taken: set[str]) -> str:
    return next(code for code in (f"band{n}" for n in range(1, 99)) if code not in taken)
