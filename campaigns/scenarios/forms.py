"""The form of the scenario pages. It reads and checks single fields; services decide."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.models import ContactPurpose
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.order_types import order_types
from customers.facts.models import StatusEvent
from customers.lists.models import ListEntry
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.managed.forms import ManagedForm

# Actions of this release; the others need messages and events.
ACTIONS = (Scenario.Action.OPEN_ORDER, Scenario.Action.REPORT_ONLY)


class ScenarioForm(ManagedForm):
    """The settings of a scenario, without its rule."""

    model = Scenario
    reserved_codes = frozenset({"new", "rule"})

    explanation = forms.CharField(
        label=_("Explanation"), max_length=300, required=False, help_text=_("Why it exists, and what its signals mean.")
    )
    explanation_zh = forms.CharField(label=_("Explanation (Chinese)"), max_length=300, required=False)
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
        label=_("Cool-down"), initial=30, validators=[MinValueValidator(0), MaxValueValidator(3650)],
        help_text=_("Days in which the same customer is not found again."),
    )  # fmt: skip
    daily_cap = forms.IntegerField(
        label=_("Nightly cap"), required=False, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=_("Customers who may be called; the most worthwhile are taken. Empty: no limit."),
    )  # fmt: skip
    only_if_it_pays = forms.BooleanField(
        label=_("Only if it pays"), required=False,
        help_text=_("Leaves out customers whose expected gain is zero or less, or not known."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )
    hint = forms.CharField(label=_("Talk hint"), max_length=300, required=False)
    hint_zh = forms.CharField(label=_("Talk hint (Chinese)"), max_length=300, required=False)

    use_required_attribute = False  # the builder's buttons send a form that is not finished yet

    def __init__(self, *args: Any, user: User, instance: Scenario | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        if instance is None:
            self.fields["owner"].initial = user.pk
        kept = [(instance.order_type, instance.order_type)] if instance and instance.order_type else []
        offered = order_types() or kept
        # Operators may send kinds of their own: those a scenario listens to already stay with it.
        own = [kind for kind in (instance.event_kinds if instance else []) if kind not in StatusEvent.Kind.values]
        self.fields["event_kinds"].choices = [*StatusEvent.Kind.choices, *((kind, kind) for kind in own)]
        self.fields["order_type"].choices = [("", "–"), *dict([*kept, *offered]).items()]
        people = Q(pk=user.pk) | Q(branch__in=Branch.objects.visible_to(user), role=Role.MANAGER, is_active=True)
        kept_owner = Q(pk=instance.owner_id) if instance else Q()
        self.fields["owner"].queryset = User.objects.filter(people | kept_owner).order_by("username")

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
        return super().values() | {"channel": ListEntry.Channel.CALL}
