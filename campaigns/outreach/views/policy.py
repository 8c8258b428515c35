"""The contact policy: what holds, every version since the installation, and the form that changes it and first counts
what that would do."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaigns.outreach import services
from campaigns.outreach.forms import ContactPolicyForm
from campaigns.outreach.models import HOURS_OF, POLICY_ACTION, POLICY_TARGET, ContactPolicy
from campaigns.outreach.queries import PolicyVersion, count_refused, policy_versions
from campaigns.outreach.tables import ChannelTable, EffectTable, PurposeTable, VersionTable
from campaigns.outreach.text import format_caps, format_hour, format_purposes, format_weekdays
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.tables import history_table
from retention.core.administration.views import INDEX, RowPage
from retention.core.managed.text import FieldText, Words

POLICY = ("outreach:policy", _("Contact policy"))
WORDS: Words = {
    "consent_needed": format_purposes,
    "uncapped": format_purposes,
    "kept_for": format_purposes,
    "purpose_caps": format_caps,
    **{f"{prefix}_{end}": format_hour for prefix in HOURS_OF.values() for end in ("from", "until")},
    **{f"{prefix}_quiet_days": format_weekdays for prefix in HOURS_OF.values()},
}
OF_ALL = ContactPolicyForm.Meta.fields[:8] + ("kept",)


@require("contact_policy.view")
@require_safe
def policy_page(request: StaffRequest) -> HttpResponse:
    """The policy in force; `version`: an earlier one."""
    versions = policy_versions()
    shown = _chosen(versions, request.GET.get("version", ""))
    text, policy = FieldText(ContactPolicy, WORDS), _policy_of(shown)
    context = {
        "facts": [(ContactPolicyForm.label(name), text.value(name, shown.values[name])) for name in OF_ALL],
        "purposes": PurposeTable(policy),
        "channels": ChannelTable(policy),
        "shown": shown,
        "is_current": shown is versions[0],
        "versions": VersionTable(versions, text=text),
        "history": history_table(target=POLICY_TARGET, action=POLICY_ACTION, text=text),
        "may_edit": request.user.may("contact_policy.edit"),
        "parents": [*INDEX],
    }
    return render(request, "campaigns/outreach/policy.html", context)


def _chosen(versions: list[PolicyVersion], number: str) -> PolicyVersion:
    if not number:
        return versions[0]
    found = next((one for one in versions if str(one.number) == number), None)
    if found is None:
        raise Http404(number)
    return found


def _policy_of(version: PolicyVersion) -> ContactPolicy:
    columns = {one.name: one for one in ContactPolicy._meta.fields}
    return ContactPolicy(**{name: columns[name].to_python(value) for name, value in version.values.items()})


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
