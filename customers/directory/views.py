"""The customer list, with search that leads straight to the one customer or order it finds."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from customers.directory import search_resolvers
from customers.directory.filters import CustomerFilter
from customers.directory.queries import MAX_LISTED_LINES, Directory
from customers.directory.tables import CustomerTable, requested_order
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.ui.listing import ListPage


class CustomerList(ListPage):
    name = "customers"
    permission = "customers.view"
    template_name = "customers/directory/list.html"
    table_class = CustomerTable
    form_class = CustomerFilter
    form: CustomerFilter

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"today": clock.today()}

    def get_queryset(self) -> Directory:
        found_by = Directory if self.form.is_valid() else EmptyDirectory
        order = requested_order(self.query.get("sort", ""))
        return found_by(self.user, self.form.cleaned_data, clock.today(), order)

    def render_page(self) -> HttpResponseBase:
        text = self.cleaned.get("q", "")
        found = exact_match_url(self.user, text) if text else None
        return redirect(found) if found else super().render_page()

    def get_context_data(self) -> dict[str, Any]:
        is_cut = self.table.data.directory.is_cut
        return super().get_context_data() | {"is_cut": is_cut, "listed": MAX_LISTED_LINES}


class EmptyDirectory(Directory):
    """The result of an address with invalid filters: empty; the form shows the errors."""

    def ids(self, stop: int | None = None) -> QuerySet:
        return Subscriber.objects.none().values_list("pk", flat=True)


def exact_match_url(user: User, text: str) -> str | None:
    """The page of the single customer line, or of the order, that has exactly this number."""
    hits = Subscriber.objects.visible_to(user).numbered(text).values_list("subscriber_no", flat=True)[:2]
    if len(hits) == 1:
        return reverse("customers:detail", args=[hits[0]])
    return search_resolvers.resolve_number(user, text) if not hits else None
