"""The forms of the campaign pages: the wizard's steps, moves that ask for something, the plan, the hold-out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.campaigns.channels import CONTACT_CHANNELS
from campaigns.campaigns.models import Campaign, CampaignPlan, Pace
from campaigns.campaigns.models.campaigns import CONTROL_LIMIT
from campaigns.campaigns.queries.sources import source_choices
from campaigns.campaigns.states import CHANGEABLE, State
from campaigns.messages.models import MessageTemplate
from campaigns.offers.models import Offer
from campaigns.outreach.models import ContactPurpose
from campaigns.scenarios.order_types import order_types
from customers.lists.models import ListEntry
from retention.core.accounts.forms import BranchFilterField, BranchSelect
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.managed.forms import ManagedForm
from retention.core.managed.permissions import may_decide

# The steps of the wizard in their order, with the fields that each saves.
STEPS: dict[str, tuple[str, ...]] = {
    "goal": (
        "name", "name_zh", "branch", "goal", "owner", "plan", "starts_on", "ends_on", "priority", "planned_kept",
        "planned_gain", "budget",
    ),
    "audience": ("source",),
    "control": ("control_percent", "measure_days", "salt"),
    "offers": ("offer_codes", "draw_offers", "script", "script_zh"),
    "channel": (
        "channel", "purpose", "order_type", "template", "contact_cost", "wave_size", "pace", "daily_cap",
        "backlog_days",
    ),
    "review": (),
}  # fmt: skip
STEP_LABELS: dict[str, Any] = {
    "goal": _("Goal"), "audience": _("Audience"), "control": _("Control group"), "offers": _("Offers and script"),
    "channel": _("Channel and waves"), "review": _("Review"),
}  # fmt: skip
_ALWAYS = ("code", "version", "onto", "merge")
DAY = {"type": "date"}


class CampaignForm(ManagedForm):
    """The fields of one step of the wizard; step "": only those of a copy. The rule is read by the page."""

    model = Campaign
    reserved_codes = frozenset({"new", "plan", "calendar", "hold-out", "audience"})

    goal = forms.CharField(label=_("Goal"), max_length=300, required=False)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )
    plan = forms.ModelChoiceField(
        label=_("Part of the plan"), queryset=CampaignPlan.objects.none(), required=False, empty_label=_("none")
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    priority = forms.IntegerField(
        label=_("Priority"), initial=5, help_text=_("1 goes first."),
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )  # fmt: skip
    planned_kept = forms.IntegerField(label=_("Customers to keep"), required=False, min_value=0, max_value=10**8)
    planned_gain = forms.DecimalField(
        label=_("Planned gain (yuan)"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    budget = forms.DecimalField(label=_("Budget (yuan)"), required=False, min_value=0, max_digits=12, decimal_places=2)
    source = forms.ChoiceField(
        label=_("From"), help_text=_("With a source other than a rule, the rule below narrows it; it may stay empty.")
    )
    control_percent = forms.IntegerField(
        label=_("Control group, %"), initial=10, validators=[MinValueValidator(0), MaxValueValidator(CONTROL_LIMIT)],
        help_text=_("Of the audience, drawn at random by household and left alone until the measurement ends."),
    )  # fmt: skip
    measure_days = forms.IntegerField(
        label=_("Days of measuring"), initial=90, validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("After the last day; the control group is left alone until then."),
    )  # fmt: skip
    salt = forms.CharField(
        label=_("Seed of the draw"), max_length=32, required=False,
        help_text=_("Another seed draws another control group. Empty: the code."),
    )  # fmt: skip
    offer_codes = forms.MultipleChoiceField(label=_("Offers"), required=False, widget=forms.CheckboxSelectMultiple)
    draw_offers = forms.BooleanField(
        label=_("Draw one of the offers for each customer"), required=False,
        help_text=_(
            "By lot, for good, when the audience is frozen; the agent sees it first. Only so can the result say which"
            " offer works. Without it agents choose, and offers cannot be compared."
        ),
    )  # fmt: skip
    script = forms.CharField(
        label=_("Script"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Shown to the agent on the order; {customer} becomes the name."),
    )  # fmt: skip
    script_zh = forms.CharField(
        label=_("Script (Chinese)"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    channel = forms.ChoiceField(label=_("Channel"))
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=ContactPurpose.choices,
        help_text=_("What consent and contact limits are asked for."),
    )  # fmt: skip
    order_type = forms.ChoiceField(label=_("Order type"), required=False, help_text=_("Of campaigns by telephone."))
    template = forms.ChoiceField(
        label=_("Message template"), required=False,
        help_text=_("Of campaigns by message; its channel and purpose must be those above."),
    )  # fmt: skip
    contact_cost = forms.DecimalField(
        label=_("Cost of a contact (yuan)"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    wave_size = forms.IntegerField(
        label=_("Customers a wave"), required=False, min_value=10, max_value=10**7, help_text=_("Empty: one wave.")
    )
    pace = forms.ChoiceField(
        label=_("Pace"), choices=Pace.choices,
        help_text=_("By the agents: no more orders are open than they close in the days below."),
    )  # fmt: skip
    daily_cap = forms.IntegerField(
        label=_("Orders a day at most"), required=False, min_value=1, max_value=10**7, help_text=_("Empty: no limit.")
    )
    backlog_days = forms.IntegerField(
        label=_("Days of work that may wait"), initial=2, min_value=1, max_value=60, required=False
    )

    use_required_attribute = False  # the builder's buttons send a form that is not finished yet

    def __init__(
        self, *args: Any, user: User, instance: Campaign | None = None, step: str = "goal", **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        shown = {*_ALWAYS, *STEPS[step]}
        self.fields = {name: field for name, field in self.fields.items() if name in shown}
        self._fill(user, instance)
        if instance and instance.state not in CHANGEABLE:
            for name, field in self.fields.items():
                field.disabled = name not in _ALWAYS and name not in Campaign.open_fields

    def _fill(self, user: User, instance: Campaign | None) -> None:
        choices: dict[str, Any] = {
            "source": lambda: source_choices(user, keep=instance.audience_key if instance else ""),
            "offer_codes": lambda: _offers(user, instance),
            "channel": lambda: [(key, label) for key, label in ListEntry.Channel.choices if key in CONTACT_CHANNELS],
            "order_type": lambda: [("", "–"), *order_types()],
            "template": lambda: _templates(instance),
        }
        for name in choices.keys() & self.fields.keys():
            self.fields[name].choices = choices[name]()
        if instance and "source" in self.fields:
            self.initial["source"] = f"{instance.audience}:{instance.audience_key}"
        if "owner" in self.fields:
            people = Q(pk=user.pk) | Q(branch__in=Branch.objects.visible_to(user), role=Role.MANAGER, is_active=True)
            kept = Q(pk=instance.owner_id) if instance else Q(pk=None)
            self.fields["owner"].queryset = User.objects.filter(people | kept).order_by("username")
            self.fields["plan"].queryset = CampaignPlan.objects.visible_to(user).for_list()
            if instance is None:
                self.fields["owner"].initial = user.pk

    def clean_backlog_days(self) -> int:
        return self.cleaned_data["backlog_days"] or 2

    def values(self) -> dict[str, Any]:
        values = super().values()
        if source := self.cleaned_data.get("source"):
            values["audience"], _colon, values["audience_key"] = source.partition(":")
        return values


def _templates(instance: Campaign | None) -> list[tuple[str, str]]:
    """Those that may be sent, and the one that the campaign has."""
    found = {one.code: f"{one.title} ({one.get_channel_display()})" for one in MessageTemplate.objects.usable()}
    if instance and instance.template:
        found.setdefault(instance.template, instance.template)
    return [("", "–"), *found.items()]


def _offers(user: User, instance: Campaign | None) -> list[tuple[str, str]]:
    kept = Q(code__in=instance.offer_codes) if instance else Q()
    offers = Offer.objects.visible_to(user).filter(Q(enabled=True) | kept).order_by("code")
    return [(one.code, one.title) for one in offers]


class ReasonForm(forms.Form):
    """Of pausing and stopping."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class NumberForm(forms.Form):
    """Of submitting. number: of customers, where the audience is much of the base."""

    number = forms.IntegerField(label=_("Number of customers"), required=False, min_value=1)


class LessonsForm(forms.Form):
    lessons = forms.CharField(
        label=_("Lessons"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}), strip=True,
        help_text=_("What the next campaign should know. The search of the list finds it."),
    )  # fmt: skip


class PlanForm(forms.Form):
    """One row of the yearly plan."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    quarter = forms.TypedChoiceField(label=_("Quarter"), choices=[(n, f"Q{n}") for n in range(1, 5)], coerce=int)
    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=Branch.objects.none(), empty_label=None, widget=BranchSelect(outlets=False)
    )
    goal = forms.CharField(label=_("Goal"), max_length=300)
    planned_kept = forms.IntegerField(label=_("Customers to keep"), required=False, min_value=0, max_value=10**8)
    budget = forms.DecimalField(label=_("Budget (yuan)"), required=False, min_value=0, max_digits=12, decimal_places=2)

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        initial: Mapping[str, Any] = {"year": today.year, "quarter": (today.month + 2) // 3, "branch": user.branch_id}
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        field = self.fields["branch"]
        field.queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)
        if may_decide(actor=user, permission=Campaign.edit_permission, branch=None):
            field.required, field.empty_label = False, _("The whole base")


class HoldoutForm(forms.Form):
    """A new setting of the universal hold-out."""

    percent = forms.DecimalField(
        label=_("Share of all customers, %"), min_value=0, max_value=20, max_digits=3, decimal_places=1,
        help_text=_("Nobody of them is contacted for retention, renewal or marketing."),
    )  # fmt: skip
    salt = forms.CharField(
        label=_("Seed of the draw"), max_length=32, required=False,
        help_text=_("As it is: a larger share contains the smaller one. Another seed draws anew."),
    )  # fmt: skip
    starts_on = forms.DateField(
        label=pgettext_lazy("hold-out", "From"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class CampaignFilter(forms.Form):
    """Of the list. under_way: by default those that are not archived."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False)
    branch = BranchFilterField(outlets=False)
    mine = forms.BooleanField(label=_("Only my own"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *State.choices]
        self.fields["branch"].queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)
