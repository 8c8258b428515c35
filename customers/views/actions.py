"""What a person may do on the 360 page: see the full number, put the customer on a list, take him off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.forms import ListEntryForm, RevealForm
from customers.models import ListEntry
from customers.services import add_to_list, end_list_entry, reveal_phone
from customers.views.detail import portrait, visible_line
from retention.core import clock
from retention.core.access import require
from retention.core.errors import DomainError


@require("customers.reveal_phone")
@require_POST
def show_phone(request: HttpRequest, subscriber_no: str) -> HttpResponse:
    """The number in place of the masked one; a page of its own without script."""
    line = visible_line(request.user, subscriber_no)
    form = RevealForm(request.POST)
    context = {"subscriber": line, "reveal_form": form, "number": "", "refused": ""}
    status = 422
    if form.is_valid():
        try:
            context["number"] = reveal_phone(user=request.user, subscriber=line, reason=form.cleaned_data["reason"])
            status = 200
        except DomainError as error:
            context["refused"] = error.message
    return render(request, "customers/_phone.html" if request.htmx else "customers/phone.html", context, status=status)


@require("customers.mark")
@require_POST
def put_on_list(request: HttpRequest, subscriber_no: str) -> HttpResponse:
    line = visible_line(request.user, subscriber_no)
    form = ListEntryForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            entry = add_to_list(
                actor=request.user, customer=line.account.customer, starts_on=clock.today(), now=clock.now(),
                **form.cleaned_data,
            )  # fmt: skip
            messages.success(
                request, _("The customer is now on the list: %(list)s.") % {"list": entry.get_kind_display()}
            )
            return redirect("customers:detail", subscriber_no)
        except DomainError as error:
            form.add_error(None, error.message)
    context = portrait(request, line, list_form=form, list_form_open=True)
    return render(request, "customers/detail.html", context, status=422)


@require("customers.mark")
@require_POST
def take_off_list(request: HttpRequest, subscriber_no: str, pk: int) -> HttpResponse:
    line = visible_line(request.user, subscriber_no)
    entry = get_object_or_404(ListEntry, pk=pk, customer=line.account.customer)
    end_list_entry(actor=request.user, entry=entry, on=clock.today())
    messages.success(request, _("The customer is off the list: %(list)s.") % {"list": entry.get_kind_display()})
    return redirect("customers:detail", subscriber_no)
