"""The form of the scenario pages. It reads and checks single fields; services decide."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.days_of_year import FESTIVALS
from campaigns.audiences.occasions import OCCASIONS
from campaigns.outreach.models import ContactPurpose
from campaigns.scenarios.calendars import CALENDARS
from campaigns.scenarios.message_templates import message_templates
from campaigns.scenarios.models import Scenario, Weekday
from campaigns.scenarios.order_types import order_types
from customers.facts.models import StatusEvent
from customers.lists.models import ListEntry
from customers.lists.queries import list_names
from customers.lists.services import lists_open_to, own_lists_open_to
from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.managed.forms import ManagedForm


class ScenarioForm(ManagedForm):
    """The settings of a scenario, without its rule."""

    model = Scenario
    reserved_codes = frozenset({"new", "rule"})  # and those of calendars

    explanation = forms.CharField(
        label=_("Explanation"), max_length=300, required=False, help_text=_("Why it exists, and what its signals mean.")
    )
    explanation_zh = forms.CharField(label=_("Explanation (Chinese)"), max_length=300, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    action = forms.ChoiceField(label=_("Action"), choices=Scenario.Action.choices)
    order_type = forms.ChoiceField(label=_("Order type"), required=False)
    template = forms.ChoiceField(
        label=_("Message"), required=False,
        help_text=_("Approved templates. Channel and purpose are those of the message."),
    )  # fmt: skip
    list_kind = forms.ChoiceField(
        label=_("List"), required=False,
        help_text=_("Rules, segments and campaigns may take the customers of a list as their audience."),
    )  # fmt: skip
    list_days = forms.IntegerField(
        label=_("Days on the list"), required=False, validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Empty: until somebody ends the entry."),
    )  # fmt: skip
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
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=[("", "–"), *Weekday.choices], coerce=int, empty_value=None, required=False,
        help_text=_("Of a scenario that runs once a week. A night that was missed is made up by the next one."),
    )  # fmt: skip
    event_kinds = forms.MultipleChoiceField(
        label=_("Events"), choices=StatusEvent.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("What it listens to, when it acts as events arrive."),
    )  # fmt: skip
    confirm_nights = forms.IntegerField(
        label=_("Nights in a row"), initial=1, required=False,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("On so many of its nights in a row the rule must hold before anything is done."),
    )  # fmt: skip
    auto_clear = forms.BooleanField(
        label=_("Clears by itself"), required=False,
        help_text=_("Takes back orders that nobody has worked on, once the rule no longer holds."),
    )  # fmt: skip
    occasion = forms.ChoiceField(
        label=_("Occasion"), required=False,
        help_text=_("Of every night only the lines for which this is due. Empty: all that the rule finds."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Days before or after"), required=False, validators=[MinValueValidator(0)],
        help_text=_("From the occasion to the contact: before a birthday, a festival or a notice, after a payment."),
    )  # fmt: skip
    festivals = forms.MultipleChoiceField(
        label=_("Festivals"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(one.code, one.title) for one in FESTIVALS.values()],
    )  # fmt: skip
    dates = forms.CharField(
        label=_("Other days of the year"),
        max_length=120,
        required=False,
        help_text=_("Month and day, as 04-07, 11-08."),
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=ListEntry.Channel.choices, initial=ListEntry.Channel.CALL, required=False,
        help_text=_("Of what is only reported. Orders are calls; a message goes the way of its template."),
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
    holdout_percent = forms.IntegerField(
        label=_("Hold-out, %"), initial=10, required=False, validators=[MinValueValidator(0), MaxValueValidator(50)],
        help_text=_("Customers found that are left alone, drawn at random: against them the effect is measured."),
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
        stored = instance.dates if instance else []
        self.initial["festivals"] = [text for text in stored if text in FESTIVALS]
        self.initial["dates"] = ", ".join(text for text in stored if text not in FESTIVALS)
        self.fields["occasion"].choices = [("", "–"), *((code, one.label) for code, one in OCCASIONS.items())]
        kept = [(instance.order_type, instance.order_type)] if instance and instance.order_type else []
        offered = order_types() or kept
        # Operators may send kinds of their own: those a scenario listens to already stay with it.
        own = [kind for kind in (instance.event_kinds if instance else []) if kind not in StatusEvent.Kind.values]
        self.fields["event_kinds"].choices = [*StatusEvent.Kind.choices, *((kind, kind) for kind in own)]
        self.fields["order_type"].choices = [("", "–"), *dict([*kept, *offered]).items()]
        messages = {one.code: one.title for one in message_templates().values()}
        if instance and instance.template:
            messages.setdefault(instance.template, instance.template)
        self.fields["template"].choices = [("", "–"), *messages.items()]
        lists: dict[str, Any] = {kind.value: kind.label for kind in lists_open_to(user)}
        lists |= {one.code: one.title for one in own_lists_open_to(user)}
        if instance and instance.list_kind:
            lists.setdefault(instance.list_kind, list_names().get(instance.list_kind, instance.list_kind))
        self.fields["list_kind"].choices = [("", "–"), *lists.items()]
        people = Q(pk=user.pk) | Q(branch__in=Branch.objects.visible_to(user), role=Role.MANAGER, is_active=True)
        kept_owner = Q(pk=instance.owner_id) if instance else Q()
        self.fields["owner"].queryset = User.objects.filter(people | kept_owner).order_by("username")

    def clean_trigger(self) -> str:
        return self.cleaned_data["trigger"] or Scenario.Trigger.NIGHTLY

    def clean_confirm_nights(self) -> int:
        return self.cleaned_data["confirm_nights"] or 1

    def clean_holdout_percent(self) -> int:
        return self.cleaned_data["holdout_percent"] or 0

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("action") == Scenario.Action.OPEN_ORDER and not values.get("order_type"):
            self.add_error("order_type", _("Say which type of order is opened."))
        if values.get("action") == Scenario.Action.SEND_MESSAGE and not values.get("template"):
            self.add_error("template", _("Say which message is sent."))
        if values.get("action") == Scenario.Action.ADD_TO_LIST and not values.get("list_kind"):
            self.add_error("list_kind", _("Say which list the customers are put on."))
        if values.get("trigger") == Scenario.Trigger.EVENT and not values.get("event_kinds"):
            self.add_error("event_kinds", _("Say which events it listens to."))
        if values.get("trigger") == Scenario.Trigger.WEEKLY and values.get("weekday") is None:
            self.add_error("weekday", _("Say on which day of the week it runs."))
        return values

    def clean_code(self) -> str:
        code = super().clean_code()
        if code.lower() in {calendar.lower() for calendar in CALENDARS}:
            raise forms.ValidationError(_("This code is reserved."))
        return code

    def clean_days(self) -> int:
        return self.cleaned_data["days"] or 0

    def clean_dates(self) -> list[str]:
        others = self.cleaned_data["dates"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        return [*self.cleaned_data["festivals"], *others]

    def values(self) -> dict[str, Any]:
        values = super().values()
        is_call = values["action"] == Scenario.Action.OPEN_ORDER or not values["channel"]
        return values | {"channel": ListEntry.Channel.CALL} if is_call else values


class BranchChoice(forms.Form):
    """Which branch's numbers are set."""

    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Branch"), to_field_name="code", widget=BranchSelect(outlets=False)
    )

    def __init__(self, *args: Any, branches: QuerySet[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches
