"""Message templates: list, one with its preview and tests, editing, approval."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import View

from campaigns.messages.forms import PreviewForm, TemplateForm, TestForm
from campaigns.messages.models import MessageTemplate
from campaigns.messages.queries.preview import preview, samples
from campaigns.messages.services.testing import send_test, test_addresses
from campaigns.messages.tables import SampleTable, TemplateTable, VariableTable
from campaigns.messages.text import format_address, format_length
from campaigns.outreach.text import format_first_allowed, format_why
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.audit import services as audit
from retention.core.errors import Invalid
from retention.core.managed.models import Approvable
from retention.core.managed.queries import find_row
from retention.core.managed.views.approval import ApprovalPage, ManagedApproval
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedSwitch, ManagedUpdate, ManagedWrite
from retention.core.managed.views.listing import ManagedList


class TemplateList(ManagedList):
    model = MessageTemplate
    name = "message-templates"
    permission = "messages.view"
    subtitle = gettext_lazy("Texts that may be sent, once a second person has approved them.")
    parent = ("messages:messages", gettext_lazy("Messages"))
    table_class = TemplateTable

    def get_queryset(self) -> QuerySet[MessageTemplate]:
        return MessageTemplate.objects.visible_to(self.user).for_list()


class TemplatePages(ManagedPage):
    model: type[Approvable] = MessageTemplate
    kind_form = TemplateForm
    templates = "campaigns/messages/template"


class TemplatePage(TemplatePages, ApprovalPage, ManagedDetail):
    switch_off_question = gettext_lazy("Switch this template off? What is queued with it is still sent.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        addresses = test_addresses(template=self.object, user=self.user) if context["may_edit"] else []
        shown = {one: format_address(self.object.channel, one) for one in addresses}
        return context | {
            "samples": SampleTable(samples(self.object), is_sms=self.object.is_sms),
            "test_form": TestForm(addresses=shown) if shown else None,
            "test_url": self.url("test", self.object.code),
            **self._preview(),
        }

    def _preview(self) -> dict[str, Any]:
        """The message of the line in the address, as far as the person may see it."""
        form = PreviewForm(self.request.GET)
        words = form.cleaned_data["line"].strip() if form.is_valid() else ""
        if not words or not self.user.may("customers.view"):
            return {"preview_form": form if self.user.may("customers.view") else None}
        lines = Subscriber.objects.visible_to(self.user).numbered(words).select_related("account__customer")
        line = lines.order_by("status", "subscriber_no").first()
        if line is None:
            return {"preview_form": form, "preview_missing": True}
        audit.record(actor=self.user, action="customer.view", target=line)
        now = clock.now()
        found = preview(template=self.object, line=line, now=now)
        answer = found.answer
        return {
            "preview_form": form,
            "preview": found,
            "preview_line": line,
            "preview_facts": [
                (_("Customer"), line.account.customer.name),
                (_("To"), format_address(self.object.channel, found.address) or "–"),
                *([(_("Subject"), found.subject)] if found.subject else []),
                *([(_("Length"), format_length(found.length))] if self.object.is_sms else []),
                (_("May be sent"), _("Yes") if answer.reason is None else answer.reason.label),
                *([(_("Because"), format_why(answer))] if answer.reason else []),
                *([(_("First allowed"), format_first_allowed(answer, now=now))] if answer.reason else []),
            ],
        }


class TemplateEditing(TemplatePages):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"variables": VariableTable()}


class NewTemplate(TemplateEditing, ManagedCreate):
    pass


class EditTemplate(TemplateEditing, ManagedUpdate):
    pass


class CopyTemplate(TemplatePages, ManagedCopy):
    pass


class SwitchTemplate(TemplatePages, ManagedSwitch):
    pass


class ApproveTemplate(TemplatePages, ManagedWrite, ManagedApproval):
    pass


class SendTest(TemplatePages, ManagedWrite, View):
    """POST `to`: one of the addresses of staff that the page offers."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        template = find_row(model=MessageTemplate, actor=self.user, code=code)
        try:
            made = send_test(template=template, actor=self.user, to=request.POST.get("to", ""), now=clock.now())
        except Invalid as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Test messages are queued: %(numbers)s.") % {
                "numbers": ", ".join(one.reference for one in made)
            })  # fmt: skip
        return redirect(self.url("", code))


@require("messages.edit")
@require_POST
def measure_texts(request: StaffRequest) -> HttpResponse:
    """The length of what stands in the form, while it is being written."""
    names = ("channel", "purpose", "body", "body_zh")
    draft = MessageTemplate(**{name: request.POST.get(name, "") for name in names})
    if draft.channel not in dict(MessageTemplate._meta.get_field("channel").flatchoices):
        draft.channel = "sms"
    shown = SampleTable(samples(draft), is_sms=draft.is_sms)
    return render(request, "campaigns/messages/template/_length.html", {"samples": shown})
