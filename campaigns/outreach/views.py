"""The contact policy: what holds, its history, and the form that changes it and first counts what that would do."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaigns.outreach import services
from campaigns.outreach.forms import ContactPolicyForm
from campaigns.outreach.models import ContactPolicy
from campaigns.outreach.queries import count_refused
from campaigns.outreach.services import POLICY_ACTION, POLICY_TARGET
from campaigns.outreach.tables import EffectTable
from campaigns.outreach.text import format_hour, format_purposes
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.services import row_values
from retention.core.administration.tables import history_table
from retention.core.administration.views import INDEX, RowPage
from retention.core.managed.text import FieldText, Words

POLICY = ("outreach:policy", _("Contact policy"))
WORDS: Words = {
    "consent_needed": format_purposes,
    "uncapped": format_purposes,
    "calls_from": format_hour,
    "calls_until": format_hour,
}


@require("contact_policy.view")
@require_safe
def policy_page(request: StaffRequest) -> HttpResponse:
    text = FieldText(ContactPolicy, WORDS)
    values = row_values(ContactPolicy.objects.current(), ContactPolicyForm.Meta.fields)
    context = {
        "facts": [(ContactPolicyForm.label(name), text.value(name, value)) for name, value in values.items()],
        "history": history_table(target=POLICY_TARGET, action=POLICY_ACTION, text=text),
        "may_edit": request.user.may("contact_policy.edit"),
        "parents": [*INDEX],
    }
    return render(request, "campaigns/outreach/policy.html", context)


class EditPolicy(RowPage):
    """POST `count` saves nothing and shows what the policy in the form would have refused."""

    permission = "contact_policy.edit"
    form_class = ContactPolicyForm
    template_name = "campaigns/outreach/policy_edit.html"
    title = _("Change the contact policy")
    action = POLICY_ACTION
    effect: EffectTable | None = None

    def get_row(self) -> ContactPolicy:
        return ContactPolicy.objects.current()

    def get_parents(self) -> list[Any]:
        return [*POLICY]

    def get_target(self, row: Any) -> str:
        return POLICY_TARGET

    def get_words(self) -> Words:
        return WORDS

    def save(self, form: ContactPolicyForm) -> HttpResponse | str:
        if "count" in self.request.POST:
            now = clock.now()
            in_force = count_refused(ContactPolicy.objects.current(), now=now)
            self.effect = EffectTable(in_force, count_refused(form.policy(), now=now))
            return self.answer(form)
        services.change_policy(actor=self.request.user, values=form.values(), seen=form.read_seen())
        return reverse("outreach:policy")

    def get_context_data(self) -> dict[str, Any]:
        return {"effect": self.effect}
