"""The form of a draft: its own fields, and rows for stages, moves, effects and questions. Services judge them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import formset_factory
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.outreach.models import ContactPurpose
from retention.core.administration.forms import RowForm
from retention.core.ui.forms import LongTextField
from workorders.flows import rows
from workorders.order_types import rules
from workorders.order_types.forms import FLOW_DEFAULTS, MAX_SCRIPT_CHARACTERS, KeysForm
from workorders.order_types.models import MOST_WRAP_UP, Disposition, OrderType
from workorders.order_types.stages import NEEDS
from workorders.orders.effects import EFFECTS
from workorders.orders.states import MOVES, REFINED, SUPERVISE, WORK, State

NEED_LABELS = {
    "reason": _("Reason"), "note": _("Note"), "until": _("Until when"), "team": _("Group"),
    "disposition": _("Disposition"),
}  # fmt: skip
PERMISSIONS = [("", "–"), (WORK, _("Who works orders")), (SUPERVISE, _("Who supervises"))]
MAX_ROWS = 60


class Row(forms.Form):
    """One row. stages, fields: (key, label) of what the draft has, as typed."""

    def __init__(self, *args: Any, stages: list[rows.Named], fields: list[rows.Named], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare(stages, fields)

    def prepare(self, stages: list[rows.Named], fields: list[rows.Named]) -> None:
        """Fill the choices."""

    @property
    def row_key(self) -> str:
        return str(self["key"].value() or "")


class StageRow(Row):
    key = forms.CharField(label=_("Key"), max_length=39)
    phase = forms.ChoiceField(label=_("Phase"), choices=State.choices)
    label = forms.CharField(label=_("Name"), max_length=60, required=False)
    label_zh = forms.CharField(label=_("Name (Chinese)"), max_length=60, required=False)
    who = forms.ChoiceField(label=_("Whose work it is"), choices=PERMISSIONS, required=False)
    form = forms.MultipleChoiceField(
        label=_("Questions asked"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all."),
    )  # fmt: skip

    def prepare(self, stages: list[rows.Named], fields: list[rows.Named]) -> None:
        self.fields["form"].choices = fields


class MoveRow(Row):
    key = forms.CharField(label=_("Key"), max_length=39)
    label = forms.CharField(label=_("Name"), max_length=60, required=False)
    label_zh = forms.CharField(label=_("Name (Chinese)"), max_length=60, required=False)
    sources = forms.MultipleChoiceField(
        label=pgettext_lazy("move", "From"), required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    to = forms.ChoiceField(label=pgettext_lazy("move", "To"), required=False)
    via = forms.ChoiceField(label=_("Kind of move"))
    permission = forms.ChoiceField(label=_("Who may"), choices=PERMISSIONS, required=False)
    needs = forms.MultipleChoiceField(label=_("Asks for"), required=False, widget=forms.CheckboxSelectMultiple)

    def prepare(self, stages: list[rows.Named], fields: list[rows.Named]) -> None:
        self.fields["sources"].choices = stages
        self.fields["to"].choices = [("", "–"), *stages]
        self.fields["needs"].choices = [*((name, NEED_LABELS[name]) for name in NEEDS), *fields]
        self.fields["via"].choices = [
            (_("What is done with the order"), [(name, MOVES[name].label) for name in MOVES if name in REFINED]),
            (_("Who has it"), [(name, MOVES[name].label) for name in MOVES if name not in REFINED]),
        ]


class EffectRow(Row):
    """An effect of a move; `move` says of which."""

    move = forms.CharField(label=_("Move"), max_length=39, help_text=_("Key of the move that has the effect."))
    name = forms.ChoiceField(label=_("Effect"))
    field = forms.ChoiceField(label=_("Only when this question"), required=False)
    values = forms.CharField(
        label=_("has one of these answers"), max_length=200, required=False, help_text=_("Values, with commas between.")
    )

    def prepare(self, stages: list[rows.Named], fields: list[rows.Named]) -> None:
        self.fields["name"].choices = [(name, kind.label) for name, kind in EFFECTS.items()]
        self.fields["field"].choices = [("", "–"), *fields]
        for param in {param.key: param for kind in EFFECTS.values() for param in kind.params}.values():
            if param.choices is None:
                made: forms.Field = forms.IntegerField(label=param.label, min_value=1, required=False)
            else:
                made = forms.ChoiceField(label=param.label, choices=[("", "–"), *param.choices()], required=False)
            self.fields[f"param_{param.key}"] = made

    @property
    def row_key(self) -> str:
        return str(self["move"].value() or "")


class FieldRow(Row):
    key = forms.CharField(label=_("Key"), max_length=39)
    label = forms.CharField(label=_("Question"), max_length=120, required=False)
    label_zh = forms.CharField(label=_("Question (Chinese)"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=[(one.value, rows.KINDS[one]) for one in rules.Kind])
    required = forms.BooleanField(label=_("Required when the order closes"), required=False)
    choices = LongTextField(
        label=_("Answers"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: value | name | Chinese name."),
    )  # fmt: skip
    least = forms.FloatField(label=_("At least"), required=False)
    most = forms.FloatField(label=_("At most"), required=False)
    shown_field = forms.CharField(label=_("Shown only when the question"), max_length=39, required=False)
    shown_is = forms.CharField(label=_("has one of these answers"), max_length=200, required=False)
    required_field = forms.CharField(label=_("Required only when the question"), max_length=39, required=False)
    required_is = forms.CharField(label=_("has one of these answers"), max_length=200, required=False)


def _rows(form: type[Row]) -> type[BaseFormSet]:
    return formset_factory(form, extra=0, can_delete=True, can_order=True, max_num=MAX_ROWS, absolute_max=MAX_ROWS)


# {prefix: (title, name of the "add" button, rows)}
SECTIONS: dict[str, tuple[Any, Any, type[BaseFormSet]]] = {
    "stages": (_("Stages"), _("Add a stage"), _rows(StageRow)),
    "moves": (_("Moves"), _("Add a move"), _rows(MoveRow)),
    "effects": (_("Effects of moves"), _("Add an effect"), _rows(EffectRow)),
    "fields": (_("Questions"), _("Add a question"), _rows(FieldRow)),
}


class DraftForm(KeysForm):
    purpose = forms.ChoiceField(label=_("Purpose"), choices=ContactPurpose.choices)
    priority = forms.IntegerField(label=_("Priority"), min_value=1, max_value=99, help_text=_("1 is worked first."))
    due_hours = forms.IntegerField(label=_("Hours until due"), min_value=1, max_value=8784)
    lease_seconds = forms.IntegerField(
        label=_("Lease in seconds"), min_value=30, max_value=3600,
        help_text=_("So long an order stays on a desk whose page gives no sign of life."),
    )  # fmt: skip
    wrap_up_seconds = forms.IntegerField(
        label=_("Wrap-up in seconds"), min_value=0, max_value=MOST_WRAP_UP,
        help_text=_("After a contact is saved no order comes by itself for so long. 0: the next one comes at once."),
    )  # fmt: skip
    max_attempts = forms.IntegerField(label=_("Call attempts"), min_value=1, max_value=99)
    appointment_days = forms.IntegerField(label=_("Appointments up to so many days ahead"), min_value=1, max_value=366)
    after_leaving = forms.BooleanField(label=_("For customers who have left"), required=False)
    dispositions = forms.MultipleChoiceField(
        label=_("Dispositions"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("How a contact may end. None ticked: all."),
    )  # fmt: skip
    script = LongTextField(label=_("Talk track"), max_length=MAX_SCRIPT_CHARACTERS, required=False)
    script_zh = LongTextField(label=_("Talk track (Chinese)"), max_length=MAX_SCRIPT_CHARACTERS, required=False)

    class Meta:
        model = OrderType
        fields = (
            "name", "name_zh", "purpose", "priority", "due_hours", "lease_seconds", "wrap_up_seconds", "one_open",
            "script", "script_zh",
        )  # fmt: skip
        labels = {
            "name": _("Name"),
            "name_zh": _("Name (Chinese)"),
            "one_open": _("At most one open order a customer"),
        }

    field_order = (
        "name", "name_zh", "purpose", "priority", "due_hours", "max_attempts", "appointment_days", "lease_seconds",
        "wrap_up_seconds", "one_open", "after_leaving", "dispositions", "script", "script_zh",
    )  # fmt: skip

    def prepare(self) -> None:
        flow = self.instance.flow
        leaves = Disposition.objects.for_list()
        stored = flow.get("dispositions", [])
        offered = [(leaf.code, leaf.title) for leaf in leaves if leaf.active or leaf.code in stored]
        self.fields["dispositions"].choices = offered
        self.offer_keys(offered, flow)
        self.initial.update({name: flow.get(name, usual) for name, usual in FLOW_DEFAULTS.items()})
        self.initial.update({"dispositions": stored, "after_leaving": flow.get("after_leaving", False)})
        self.sections = self._make_sections()

    def _make_sections(self) -> dict[str, BaseFormSet]:
        data = self.data if self.is_bound else None
        initial = rows.initial(self.instance)
        named = rows.named(data) if data is not None else rows.named_initial(initial)
        made = {}
        for prefix, (_title, _add, formset) in SECTIONS.items():
            given: dict[str, Any] = {"form_kwargs": {"stages": named["stages"], "fields": named["fields"]}}
            made[prefix] = formset(data, prefix=prefix, initial=initial[prefix], **given)
        return made

    def own_names(self) -> list[str]:
        return [*super().own_names(), "flow", "fields", "stages", "moves"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not all(one.is_valid() for one in self.sections.values()):
            self.add_error(None, _("Some rows cannot be saved as they are; see below."))
        return given

    def values(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in RowForm.own_names(self)}
        typed = {name: _typed(one) for name, one in self.sections.items()}
        return own | {"flow": self._flow()} | rows.parts(typed, before=self.instance)

    def _flow(self) -> dict[str, Any]:
        """The stored flow with what was changed; dispositions that are ticked keep their place."""
        flow, ticked = dict(self.instance.flow), self.cleaned_data["dispositions"]
        flow |= {name: self.cleaned_data[name] for name in FLOW_DEFAULTS}
        old = flow.get("dispositions", [])
        flow["dispositions"] = [one for one in old if one in ticked] + [one for one in ticked if one not in old]
        if self.cleaned_data["after_leaving"] or "after_leaving" in flow:
            flow["after_leaving"] = self.cleaned_data["after_leaving"]
        return self.with_keys(flow)


def _typed(formset: BaseFormSet) -> list[Mapping[str, Any]]:
    """The rows that stay, in the order given."""
    kept: Iterable[Any] = formset.ordered_forms
    return [one.cleaned_data for one in kept if one.cleaned_data]


class NewTypeForm(RowForm):
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Letters, digits and hyphens; stands in addresses and reports.")
    )
    purpose = forms.ChoiceField(label=_("Purpose"), choices=ContactPurpose.choices)

    class Meta:
        model = OrderType
        fields = ("code", "name", "name_zh", "purpose", "priority", "due_hours")
        labels = {"name": _("Name"), "name_zh": _("Name (Chinese)")}

    field_order = ("code", "name", "name_zh", "purpose", "priority", "due_hours")
