"""Which lists of customers there are, who is on them, and one entry with its history."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.lists.forms import ChangeEntryForm, EndEntryForm, EntryFilter, named_list
from customers.lists.models import ListEntry, ListEntryQuerySet
from customers.lists.queries import history_of, kinds_for
from customers.lists.services import change_list_entry, end_list_entry, may_change
from customers.lists.tables import EntryHistoryTable, EntryTable, KindTable
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.views import INDEX
from retention.core.errors import Conflict, Invalid
from retention.core.managed.views.editing import attach_errors
from retention.core.ui.listing import ListPage


@require("customers.list")
@require_safe
def kinds_page(request: StaffRequest) -> HttpResponse:
    context = {"kinds": KindTable(kinds_for(request.user, on=clock.today())), "parents": [*INDEX]}
    return render(request, "customers/lists/kinds.html", context)


class EntryList(ListPage):
    name = "list-entries"
    permission = "customers.list"
    table_class, form_class = EntryTable, EntryFilter
    parent = ("customer_lists:kinds", _("Customer lists"))
    subtitle = _("Entries are added on the page of the customer, by the end of a call or from a file.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def get_queryset(self) -> ListEntryQuerySet:
        rows, asked, today = ListEntry.objects.visible_to(self.user).for_list(), self.cleaned, clock.today()
        if asked.get("expiring"):
            rows = rows.expiring(on=today)
        elif not asked.get("past"):
            rows = rows.in_force(on=today)
        equal = {"channel": asked.get("channel"), "source": asked.get("source")}
        if asked.get("kind"):
            equal |= named_list(asked["kind"])
        rows = rows.filter(**{name: value for name, value in equal.items() if value})
        return rows.filter(customer__customer_no__istartswith=asked["q"]) if asked.get("q") else rows


@require("customers.list")
@require_http_methods(["GET", "HEAD", "POST"])
def entry_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One entry: who added, changed and ended it; POST changes its end, reason or proof."""
    entry = _visible_entry(request.user, pk)
    standing = {"ends_on": entry.ends_on, "reason": entry.reason, "proof": entry.proof}
    form = ChangeEntryForm(request.POST if request.method == "POST" else None, initial=standing)
    status = 200
    if form.is_valid():
        try:
            change_list_entry(actor=request.user, entry=entry, now=clock.now(), **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("customer_lists:entry", pk)
        except (Invalid, Conflict) as problem:
            attach_errors(form, problem)
            status = problem.status
    elif form.is_bound:
        status = 422
    return render(request, "customers/lists/entry.html", _context(request, entry, form=form), status=status)


@require("customers.list")
@require_POST
def end_entry(request: StaffRequest, pk: int) -> HttpResponse:
    """End it as of today; it stays as history."""
    entry = _visible_entry(request.user, pk)
    form = EndEntryForm(request.POST)
    if not form.is_valid():
        standing = {"ends_on": entry.ends_on, "reason": entry.reason, "proof": entry.proof}
        context = _context(request, entry, form=ChangeEntryForm(initial=standing), ending=form)
        return render(request, "customers/lists/entry.html", context, status=422)
    end_list_entry(actor=request.user, entry=entry, on=clock.today(), reason=form.cleaned_data["reason"])
    messages.success(request, gettext("The entry has ended. It stays in the history."))
    return redirect("customer_lists:entry", pk)


def _visible_entry(user: User, pk: int) -> ListEntry:
    entry = ListEntry.objects.visible_to(user).for_list().filter(pk=pk).first()
    if entry is None:
        raise Http404(pk)
    return entry


def _context(
    request: StaffRequest, entry: ListEntry, *, form: ChangeEntryForm, ending: EndEntryForm | None = None
) -> dict[str, Any]:
    is_open = entry.ends_on is None or entry.ends_on >= clock.today()
    return {
        "entry": entry, "form": form, "ending": ending or EndEntryForm(prefix=None),
        "may_change": is_open and may_change(request.user, entry), "is_open": is_open,
        "history": EntryHistoryTable(history_of(entry)),
    }  # fmt: skip
