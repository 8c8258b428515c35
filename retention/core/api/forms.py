from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch
from retention.core.api.models import ApiClient
from retention.core.api.scopes import SCOPES
from retention.core.api.validators import MAX_BURST, MAX_RATE_PER_SECOND
from retention.core.errors import Invalid

# Form field that shows an error of the service, by the service's field name.
FIELD_BY_ERROR_CODE = {"bad_name": "name", "name_taken": "name", "bad_network": "allowed_networks", "bad_rate": "burst"}


class ClientForm(forms.Form):
    """Permissions of an API client; without the name for an existing client."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("The system behind it, for example: billing of the north province.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=lambda: [(name, f"{name} - {scope.label}") for name, scope in sorted(SCOPES.items())],
        widget=forms.CheckboxSelectMultiple,
    )
    branch = forms.ModelChoiceField(
        Branch.objects.all(),
        label=_("Branch"),
        required=False,
        empty_label=_("All branches"),
        widget=BranchSelect,
        help_text=_("It sees the lines of this branch and below."),
    )
    require_signature = forms.BooleanField(
        label=_("Requests must be signed"),
        required=False,
        help_text=_("With the signing secret, within 5 minutes, each only once."),
    )
    accept_signature_v1 = forms.BooleanField(
        label=_("Accept the older signature too"),
        required=False,
        help_text=_(
            "It covers the body, not the method and the address. Only for a system that cannot sign those yet."
        ),
    )
    allowed_networks = forms.CharField(
        label=_("Allowed addresses"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One address or network a line, such as 10.1.0.0/16. Empty: from anywhere."),
    )
    rate_per_second = forms.IntegerField(
        label=_("Requests a second"), min_value=1, max_value=MAX_RATE_PER_SECOND, initial=100
    )
    burst = forms.IntegerField(
        label=_("Requests at once"),
        min_value=1,
        max_value=MAX_BURST,
        initial=200,
        help_text=_("The burst allowed after a pause."),
    )

    def __init__(self, *args: Any, client: ApiClient | None = None, **kwargs: Any) -> None:
        if client is not None:
            kwargs["initial"] = initial_values(client)
        super().__init__(*args, **kwargs)
        if client is not None:
            del self.fields["name"]

    def clean_allowed_networks(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["allowed_networks"].splitlines() if line.strip()]

    def refuse(self, error: Invalid) -> None:
        """Attach the errors of the service to their form fields."""
        field = FIELD_BY_ERROR_CODE.get(error.code)
        self.add_error(field if field in self.fields else None, str(error.message))


def initial_values(client: ApiClient) -> dict[str, Any]:
    plain = ("scopes", "branch", "require_signature", "accept_signature_v1", "rate_per_second", "burst")
    return {name: getattr(client, name) for name in plain} | {"allowed_networks": "\n".join(client.allowed_networks)}
