"""Why a customer was or was not contacted: the gate's answers now, the rows behind them, what wanted the customer."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.outreach.forms import FindLine
from campaigns.outreach.queries import explain_line
from campaigns.outreach.tables import AnswerTable, ConsentTable, FoundTable, MatrixTable
from campaigns.outreach.timeline import SHOWN_DAYS, contact_timeline
from customers.contacts.forms import GIVEN, ConsentForm
from customers.contacts.services import RECORD_CONSENTS, record_consent
from customers.facts.models import Consent, Subscriber
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.audit import services as audit
from retention.core.errors import DomainError

MAX_FOUND = 20


@require("customers.view")
@require_safe
def find_line(request: StaffRequest) -> HttpResponse:
    """The lines that the words find; the one page for a single one."""
    form = FindLine(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = _search(request.user, words) if words else []
    if len(found) == 1:
        return redirect("outreach:line", found[0].subscriber_no)
    context = {"form": form, "words": words, "found": FoundTable(found[:MAX_FOUND]), "is_cut": len(found) > MAX_FOUND}
    return render(request, "campaigns/outreach/find.html", context)


def _search(user: User, words: str) -> list[Subscriber]:
    lines = Subscriber.objects.visible_to(user).search(words).select_related("account__customer", "branch")
    return list(lines.order_by("subscriber_no")[: MAX_FOUND + 1])


def _line(user: User, subscriber_no: str) -> Subscriber:
    """404 for a line that the person may not see."""
    lines = Subscriber.objects.visible_to(user).select_related("account__customer", "branch")
    line = lines.filter(subscriber_no=subscriber_no).first()
    if line is None:
        raise Http404(subscriber_no)
    return line


@require("customers.view")
@require_safe
def line_page(request: StaffRequest, subscriber_no: str) -> HttpResponse:
    line = _line(request.user, subscriber_no)
    audit.record(actor=request.user, action="customer.view", target=line)
    return _render(request, line, ConsentForm())


@require(RECORD_CONSENTS)
@require_POST
def save_consent(request: StaffRequest, subscriber_no: str) -> HttpResponse:
    line = _line(request.user, subscriber_no)
    form = ConsentForm(request.POST)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("purpose", "channel", "source", "proof")}
        granted = form.cleaned_data["said"] == GIVEN
        try:
            record_consent(actor=request.user, subscriber=line, granted=granted, now=clock.now(), **said)
        except DomainError as error:
            form.add_error(next((one["field"] for one in error.details), None), error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("outreach:line", subscriber_no)
    return _render(request, line, form, status=422)


def _render(request: StaffRequest, line: Subscriber, form: ConsentForm, status: int = 200) -> HttpResponse:
    now = clock.now()
    answers = explain_line(customer_id=line.account.customer_id, subscriber_id=line.pk, now=now)
    context = {
        "line": line,
        "customer": line.account.customer,
        "matrix": MatrixTable(answers, now=now),
        "answers": AnswerTable(answers, now=now),
        "consents": ConsentTable(Consent.objects.of_line(line)),
        "consent_form": form if request.user.may(RECORD_CONSENTS) else None,
        "timeline": contact_timeline(user=request.user, line=line, now=now),
        "days": SHOWN_DAYS,
    }
    return render(request, "campaigns/outreach/line.html", context, status=status)
