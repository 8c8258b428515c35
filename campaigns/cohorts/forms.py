"""The forms of the cohort pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.cohorts.queries import KEPT, LOST, NOBODY
from campaigns.cohorts.services.allotment import possible_owners
from campaigns.cohorts.states import MemberState
from customers.cohorts.models import Cohort
from customers.fields.choices import ValueBand
from retention.core.accounts.models import Branch, User
from retention.core.managed.forms import ManagedForm
from retention.core.ui import formats

ALL = ("", _("All"))


class CohortForm(ManagedForm):
    """A cohort without its rule. Once it is frozen only names and note are asked."""

    model = Cohort
    reserved_codes = frozenset({"new", "mine"})

    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    mid_from = forms.DecimalField(
        label=_("Middle value from (yuan a month)"), min_value=0, max_digits=12, decimal_places=2, initial=60
    )
    high_from = forms.DecimalField(
        label=_("High value from (yuan a month)"), min_value=0, max_digits=12, decimal_places=2, initial=120
    )

    use_required_attribute = False  # the builder's buttons send a form that is not finished yet

    def __init__(self, *args: Any, user: User, instance: Cohort | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        if instance is not None and instance.frozen_on:
            for name in ("branch", "mid_from", "high_from"):
                self.fields[name].disabled = True


class FreezeForm(forms.Form):
    """dates: those that can be frozen, newest first. confirmed: asked for a rule that holds for nearly everybody."""

    on = forms.ChoiceField(label=_("As of"), help_text=_("The newest night, or a month end with a snapshot."))
    confirmed = forms.IntegerField(
        label=_("Number of lines"),
        required=False,
        min_value=1,
        help_text=_("Asked when the rule holds for nearly all."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, dates: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].choices = [(str(day), formats.moment(day)) for day in dates]


class Owners(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return _owner_label(obj)


class Owner(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return _owner_label(obj)


def _owner_label(person: User) -> str:
    return f"{person.display_name} · {person.branch}"


class ShareOutForm(forms.Form):
    owners = Owners(
        queryset=User.objects.none(), label=_("Owners"), widget=forms.CheckboxSelectMultiple,
        help_text=_("A member goes to the owners of the nearest branch at or above its own."),
    )  # fmt: skip
    keep_groups = forms.BooleanField(
        label=_("Keep groups together"), required=False,
        help_text=_("All lines of an enterprise or family group go to one owner, not only those of a customer."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owners"].queryset = possible_owners(user)
        self.fields["owners"].initial = self.fields["owners"].queryset


class GiveForm(forms.Form):
    owner = Owner(
        queryset=User.objects.none(), label=_("Owner"), required=False, to_field_name="username",
        empty_label=_("nobody"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = possible_owners(user)


class _BranchFilter(forms.Form):
    """months: that were measured, newest first."""

    month = forms.ChoiceField(label=_("Month end"), required=False)
    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Branch"), required=False, to_field_name="code", empty_label=_("All")
    )

    def __init__(self, *args: Any, user: User, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [
            ("", _("newest")),
            ("now", _("now")),
            *((str(day), formats.moment(day)) for day in months),
        ]
        self.fields["branch"].queryset = Branch.objects.visible_to(user)


class CohortFilter(_BranchFilter):
    """What of a cohort its page shows."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["branch"].queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)


class MemberFilter(_BranchFilter):
    """here: only what was frozen in the branch itself."""

    here = forms.BooleanField(label=_("Without the branches below"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[ALL, (KEPT, _("Kept")), (LOST, pgettext_lazy("cohort", "Lost")), *MemberState.choices],
    )  # fmt: skip
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    band = forms.ChoiceField(label=_("Value at freezing"), required=False, choices=[ALL, *ValueBand.choices])

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [ALL, (NOBODY, _("nobody")), *owners]


class OwnFilter(forms.Form):
    """Of the members that one owns or supervises."""

    cohort = forms.ModelChoiceField(
        Cohort.objects.none(), label=_("Snapshot cohort"), required=False, to_field_name="code", empty_label=_("All")
    )
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[ALL, (KEPT, _("Kept")), (LOST, pgettext_lazy("cohort", "Lost")), *MemberState.choices],
    )  # fmt: skip
    at_risk = forms.BooleanField(label=_("High or critical risk"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = Cohort.objects.running().visible_to(user)
