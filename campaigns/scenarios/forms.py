"""The forms of the scenario pages. They read and check single fields; services decide."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.outreach.models import ContactPurpose, RefusalReason
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.order_types import order_types
from campaigns.scenarios.services.editing import may_edit
from customers.facts.models import StatusEvent
from customers.lists.models import ListEntry
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role

RESERVED_CODES = {"new", "rule"}
# What this release can carry out; the others wait for messages and for events.
ACTIONS = (Scenario.Action.OPEN_ORDER, Scenario.Action.REPORT_ONLY)


class ScenarioForm(forms.Form):
    """The settings of a scenario, without its rule. `scenario` is the one being changed, None for a new one."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    action = forms.ChoiceField(label=_("Action"), choices=[(one.value, one.label) for one in ACTIONS])
    order_type = forms.ChoiceField(label=_("Order type"), required=False)
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=ContactPurpose.choices,
        help_text=_("What consent and contact limits are asked for."),
    )
    priority = forms.IntegerField(
        label=_("Priority"), initial=5, help_text=_("1 goes first."),
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )  # fmt: skip
    due_hours = forms.IntegerField(
        label=_("Hours until due"), required=False, validators=[MinValueValidator(1), MaxValueValidator(2160)],
        help_text=_("Empty: as the order type says."),
    )  # fmt: skip
    trigger = forms.ChoiceField(label=_("When"), choices=Scenario.Trigger.choices, required=False)
    event_kinds = forms.MultipleChoiceField(
        label=_("Events"), choices=StatusEvent.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("What it listens to, when it acts as events arrive."),
    )  # fmt: skip
    cooldown_days = forms.IntegerField(
        label=_("Rest between hits"), initial=30, validators=[MinValueValidator(0), MaxValueValidator(3650)],
        help_text=_("Days in which the same customer is not found again."),
    )  # fmt: skip
    daily_cap = forms.IntegerField(
        label=_("At most a night"), required=False, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=_("Customers; the most worthwhile are taken. Empty: no limit."),
    )  # fmt: skip
    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none(), empty_label=None)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )
    hint = forms.CharField(label=_("Talk hint"), max_length=300, required=False)
    hint_zh = forms.CharField(label=_("Talk hint (Chinese)"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    use_required_attribute = False  # the builder's buttons send a form that is not finished yet

    def __init__(self, *args: Any, user: User, scenario: Scenario | None = None, **kwargs: Any) -> None:
        if scenario is not None:
            values = {name: getattr(scenario, name) for name in self.base_fields}
            kwargs["initial"] = values | {"branch": scenario.branch_id, "owner": scenario.owner_id}
        super().__init__(*args, **kwargs)
        self.scenario = scenario
        if scenario is None:
            self.fields = {"code": _code_field(), **self.fields}
            self.fields["owner"].initial = user.pk
        kept = [(scenario.order_type, scenario.order_type)] if scenario and scenario.order_type else []
        offered = order_types() or kept
        # Operators may send kinds of their own: those a scenario listens to already stay with it.
        own = [kind for kind in (scenario.event_kinds if scenario else []) if kind not in StatusEvent.Kind.values]
        self.fields["event_kinds"].choices = [*StatusEvent.Kind.choices, *((kind, kind) for kind in own)]
        self.fields["order_type"].choices = [("", "–"), *dict([*kept, *offered]).items()]
        self._offer_branches(user)
        people = Q(pk=user.pk) | Q(branch__in=Branch.objects.visible_to(user), role=Role.MANAGER, is_active=True)
        kept_owner = Q(pk=scenario.owner_id) if scenario else Q()
        self.fields["owner"].queryset = User.objects.filter(people | kept_owner).order_by("username")

    def _offer_branches(self, user: User) -> None:
        field = self.fields["branch"]
        # An outlet is too small for a scenario of its own; the list stays short.
        field.queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)
        if may_edit(actor=user, branch=None):
            field.required, field.empty_label = False, _("The whole base")
        elif self.scenario is None:
            field.initial = user.branch_id

    def clean_trigger(self) -> str:
        return self.cleaned_data["trigger"] or Scenario.Trigger.NIGHTLY

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("action") == Scenario.Action.OPEN_ORDER and not values.get("order_type"):
            self.add_error("order_type", _("Say which type of order is opened."))
        if values.get("trigger") == Scenario.Trigger.EVENT and not values.get("event_kinds"):
            self.add_error("event_kinds", _("Say which events it listens to."))
        return values

    def values(self) -> dict[str, Any]:
        """What the services take, once the form is valid."""
        fixed = {"channel": ListEntry.Channel.CALL}
        return {k: v for k, v in self.cleaned_data.items() if k not in {"code", "version"}} | fixed


def _code_field() -> forms.Field:
    field = forms.SlugField(
        label=_("Code"), max_length=24, help_text=_("Letters, digits and hyphens; stands in addresses and reports.")
    )
    field.validators.append(_not_reserved)
    return field


def _not_reserved(code: str) -> None:
    if code.lower() in RESERVED_CODES:
        raise forms.ValidationError(_("This code is reserved."))


class HitFilter(forms.Form):
    on = forms.DateField(
        label=_("Night"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", pgettext_lazy("state", "Any")), *ScenarioHit.State.choices],
        widget=forms.Select(attrs={"data-submit-on-change": True}),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Refused because"), required=False,
        choices=[("", pgettext_lazy("reason", "Any")), *RefusalReason.choices],
        widget=forms.Select(attrs={"data-submit-on-change": True}),
    )  # fmt: skip
