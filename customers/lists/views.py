"""Which lists of customers there are, what each does, and who is on them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from customers.lists.forms import EntryFilter
from customers.lists.models import ListEntry, ListEntryQuerySet
from customers.lists.queries import kinds_for
from customers.lists.tables import EntryTable, KindTable
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.views import INDEX
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
    subtitle = _("Entries are added and ended on the page of the customer, where the reason is asked.")

    def get_queryset(self) -> ListEntryQuerySet:
        rows, asked = ListEntry.objects.visible_to(self.user).for_list(), self.cleaned
        if not asked.get("past"):
            rows = rows.in_force(on=clock.today())
        equal = {"kind": asked.get("kind"), "channel": asked.get("channel")}
        rows = rows.filter(**{name: value for name, value in equal.items() if value})
        return rows.filter(customer__customer_no__istartswith=asked["q"]) if asked.get("q") else rows
