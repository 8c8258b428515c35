"""Forms of order types and dispositions. Services decide what becomes a new version."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.outreach.models import ContactPurpose
from retention.core.administration.forms import RowForm
from retention.core.ui.forms import LongTextField
from workorders.order_types import rules
from workorders.order_types.keys import DIGITS
from workorders.order_types.models import Disposition, OrderType

MAX_SCRIPT_CHARACTERS = 4000
FLOW_DEFAULTS = {"max_attempts": rules.Flow.max_attempts, "appointment_days": rules.Flow.appointment_days}


class KeysForm(RowForm):
    """The keys of the dispositions, one field a digit; below it stands the form of an order type."""

    def offer_keys(self, dispositions: Sequence[tuple[str, str]], flow: Mapping[str, Any]) -> None:
        """The fields, after that of the dispositions."""
        names = list(self.fields)
        place = names.index("dispositions") + 1
        for digit in DIGITS:
            name = f"key_{digit}"
            self.fields[name] = forms.ChoiceField(
                label=_("Key Alt+%(digit)s") % {"digit": digit}, required=False,
                choices=[("", pgettext_lazy("keyboard", "As usual")), *dispositions],
            )  # fmt: skip
            self.initial[name] = flow.get("keys", {}).get(digit, "")
            names.insert(place + int(digit) - 1, name)
        self.order_fields(names)

    def clean(self) -> dict[str, Any]:
        """A disposition stands on one key at most, and has one only where the type offers it."""
        given = super().clean() or self.cleaned_data
        ticked, seen = given.get("dispositions"), set()
        for digit, code in self.keys().items():
            if code in seen:
                self.add_error(f"key_{digit}", _("This disposition stands on another key already."))
            elif ticked and code not in ticked:
                self.add_error(f"key_{digit}", _("The type does not offer this disposition."))
            seen.add(code)
        return given

    def keys(self) -> dict[str, str]:
        """{digit: code}, as the flow keeps them."""
        return {digit: code for digit in DIGITS if (code := self.cleaned_data.get(f"key_{digit}"))}

    def with_keys(self, flow: dict[str, Any]) -> dict[str, Any]:
        """The flow with the keys; a type that has never had any says nothing of them."""
        if self.keys() or "keys" in flow:
            flow["keys"] = self.keys()
        return flow


class OrderTypeForm(KeysForm):
    """The flow is shown as three fields; the questions of the call screen stay as they are."""

    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=ContactPurpose.choices,
        help_text=_("What consent and contact limits are asked for."),
    )
    priority = forms.IntegerField(label=_("Priority"), min_value=1, max_value=99, help_text=_("1 is worked first."))
    due_hours = forms.IntegerField(label=_("Hours until due"), min_value=1, max_value=8784)
    max_attempts = forms.IntegerField(
        label=_("Call attempts"), min_value=1, max_value=99,
        help_text=_("After the last one even a call without answer closes the order."),
    )  # fmt: skip
    appointment_days = forms.IntegerField(label=_("Appointments up to so many days ahead"), min_value=1, max_value=366)
    dispositions = forms.MultipleChoiceField(
        label=_("Dispositions"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("How a contact may end. None ticked: all."),
    )  # fmt: skip
    script = LongTextField(label=_("Talk track"), max_length=MAX_SCRIPT_CHARACTERS, required=False)
    script_zh = LongTextField(label=_("Talk track (Chinese)"), max_length=MAX_SCRIPT_CHARACTERS, required=False)

    class Meta:
        model = OrderType
        fields = ("name", "name_zh", "purpose", "priority", "due_hours", "script", "script_zh", "active")
        labels = {"name": _("Name"), "name_zh": _("Name (Chinese)"), "active": pgettext_lazy("order type", "In use")}

    field_order = (
        "name", "name_zh", "active", "purpose", "priority", "due_hours", "max_attempts", "appointment_days",
        "dispositions", "script", "script_zh",
    )  # fmt: skip

    def prepare(self) -> None:
        flow = self.instance.flow
        stored = flow.get("dispositions", [])
        leaves = Disposition.objects.for_list()
        offered = [(leaf.code, leaf.title) for leaf in leaves if leaf.active or leaf.code in stored]
        self.fields["dispositions"].choices = offered
        self.offer_keys(offered, flow)
        self.initial.update({name: flow.get(name, usual) for name, usual in FLOW_DEFAULTS.items()})
        self.initial["dispositions"] = stored

    def own_names(self) -> list[str]:
        return [*super().own_names(), "flow"]

    def values(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in super().own_names()}
        return given | {"flow": self._flow()}

    def _flow(self) -> dict[str, Any]:
        """The stored flow with what was changed; what is ticked keeps its place."""
        flow, ticked = dict(self.stored_flow), self.cleaned_data["dispositions"]
        for name, usual in FLOW_DEFAULTS.items():
            if name in flow or self.cleaned_data[name] != usual:
                flow[name] = self.cleaned_data[name]
        old = flow.get("dispositions", [])
        chosen = [one for one in old if one in ticked] + [one for one in ticked if one not in old]
        if chosen or "dispositions" in flow:
            flow["dispositions"] = chosen
        return self.with_keys(flow)

    @property
    def stored_flow(self) -> dict[str, Any]:
        return self.instance.flow


class DispositionForm(RowForm):
    """A leaf does exactly one of three: closes the order, brings it back after some hours, or needs an appointment."""

    hotkey = forms.IntegerField(
        label=pgettext_lazy("keyboard", "Key"), min_value=1, max_value=9, required=False,
        help_text=_("Alt and this digit on the call screen, where the order type names no other key."),
    )  # fmt: skip
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=999)
    retry_after_hours = forms.IntegerField(
        label=_("Try again after hours"), min_value=1, max_value=8784, required=False
    )
    list_days = forms.IntegerField(
        label=_("Days on the list"), min_value=1, max_value=3660, required=False, help_text=_("Blank: until removed.")
    )

    class Meta:
        model = Disposition
        fields: tuple[str, ...] = (
            "name", "name_zh", "parent", "position", "hotkey", "closes", "needs_appointment", "retry_after_hours",
            "adds_to_list", "list_days", "active",
        )  # fmt: skip
        labels = {
            "name": _("Name"),
            "name_zh": _("Name (Chinese)"),
            "parent": _("Heading"),
            "closes": _("Closes the order"),
            "needs_appointment": _("Needs an appointment"),
            "adds_to_list": _("Puts the customer on a list"),
            "active": pgettext_lazy("disposition", "In use"),
        }

    def prepare(self) -> None:
        self.fields["parent"].queryset = Disposition.objects.filter(result="")
        self.fields["parent"].required, self.fields["parent"].empty_label = True, None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            effects = [given["closes"], given["needs_appointment"], given["retry_after_hours"] is not None]
            if effects.count(True) != 1:
                text = _(
                    "Choose exactly one: it closes the order, needs an appointment, or is tried again after hours."
                )
                self.add_error("closes", text)
            if given["list_days"] and not given["adds_to_list"]:
                self.add_error("list_days", _("Say which list the customer is put on."))
            self._refuse_taken_key(given)
        return given

    def _refuse_taken_key(self, given: dict[str, Any]) -> None:
        others = Disposition.objects.filter(active=True, hotkey=given["hotkey"]).exclude(pk=self.instance.pk)
        other = others.first() if given["active"] and given["hotkey"] else None
        if other:
            self.add_error("hotkey", _("The key belongs to “%(name)s”.") % {"name": other.title})

    def _get_validation_exclusions(self) -> set[str]:
        """The rules of the table about keys and effects are judged by clean(), in words."""
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return excluded | {"hotkey", "closes"}


class NewDispositionForm(DispositionForm):
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Letters, digits and hyphens; stands in addresses and reports.")
    )

    class Meta(DispositionForm.Meta):
        fields = ("code", "result", "reached", *DispositionForm.Meta.fields)
        labels = DispositionForm.Meta.labels | {"result": _("Counts as"), "reached": _("The customer was reached")}

    field_order = ("code", "name", "name_zh", "result", "reached")

    def prepare(self) -> None:
        super().prepare()
        self.fields["result"].required = True

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code.lower() == "new":
            raise forms.ValidationError(_("This code is reserved."))
        return code
