"""What an administrator sets for contacts. Scenarios have pages of their own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.outreach import save_policy
from campaigns.outreach.models import ContactPolicy, ContactPurpose
from retention.core.accounts.models import User


class ContactPolicyForm(forms.ModelForm):
    consent_needed = forms.MultipleChoiceField(
        label=_("Purposes that need consent"),
        choices=ContactPurpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For the others a refusal is enough to stop a contact; silence is not."),
    )
    uncapped = forms.MultipleChoiceField(
        label=_("Purposes without caps"),
        choices=ContactPurpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Contacts the customer asked for, such as service."),
    )

    class Meta:
        model = ContactPolicy
        fields = [
            "attempts", "attempts_days", "connected", "connected_days", "messages", "messages_days", "calls_from",
            "calls_until", "consent_needed", "uncapped",
        ]  # fmt: skip


@admin.register(ContactPolicy)
class ContactPolicyAdmin(admin.ModelAdmin):
    """One row; until it is saved the defaults are in force."""

    form = ContactPolicyForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not ContactPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ContactPolicy, form: forms.ModelForm, change: bool) -> None:
        given: dict[str, Any] = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        assert isinstance(request.user, User), "the administration lets in signed-in staff only"
        save_policy(policy=obj, actor=request.user, changes=given)
