"""The customer list, with search that leads straight to the one customer or order it finds."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from customers.directory import search_resolvers
from customers.directory.filters import CustomerFilter
from customers.directory.queries import MAX_LISTED_LINES, Directory
from customers.directory.tables import CustomerTable, requested_order
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import require
from retention.core.audit import services as audit
from retention.core.ui.tables.exports import INLINE_LIMIT, export_response, wants_export


@require("customers.view")
@require_GET
def customer_list(request: HttpRequest) -> HttpResponseBase:
    form = CustomerFilter(request.GET, user=request.user)
    found_by = Directory if form.is_valid() else EmptyDirectory
    text = form.cleaned_data.get("q", "")
    kind = wants_export(request)
    if text and not kind and (found := exact_match_url(request.user, text)):
        return redirect(found)
    directory = found_by(request.user, form.cleaned_data, requested_order(request.GET.get("sort", "")))
    if kind:
        return _export(request, directory, kind)
    table = CustomerTable(directory, request=request)
    table.today = clock.today()
    table.exportable = request.user.may("export")
    context = {"form": form, "table": table.paged(), "is_cut": directory.is_cut, "listed": MAX_LISTED_LINES}
    return render(request, "customers/directory/list.html", context)


class EmptyDirectory(Directory):
    """What an address that asks for the impossible finds; the form says what is wrong with it."""

    def ids(self, stop: int | None = None) -> QuerySet:
        return Subscriber.objects.none().values_list("pk", flat=True)


def exact_match_url(user: User, text: str) -> str | None:
    """The page of the single customer line, or of the order, that has exactly this number."""
    hits = Subscriber.objects.visible_to(user).numbered(text).values_list("subscriber_no", flat=True)[:2]
    if len(hits) == 1:
        return reverse("customers:detail", args=[hits[0]])
    return search_resolvers.resolve_number(user, text) if not hits else None


def _export(request: HttpRequest, directory: Directory, kind: str) -> HttpResponseBase:
    """Every matching line as CSV, a chunk at a time; a workbook holds INLINE_LIMIT lines at most."""
    if not request.user.may("export"):
        raise PermissionDenied("export")
    if kind == "xlsx" and len(directory.ids(stop=INLINE_LIMIT + 1)) > INLINE_LIMIT:
        messages.error(
            request,
            _("More than %(limit)s lines do not fit a workbook. Narrow the filters, or take CSV.")
            % {"limit": f"{INLINE_LIMIT:,}"},
        )
        query = request.GET.copy()
        query.pop("export")
        return redirect(f"{request.path}?{query.urlencode()}")
    # The search text may be a phone number or a name, which the trail must not hold.
    asked = {key: value for key, value in request.GET.items() if value and key not in {"q", "export"}}
    audit.record(actor=request.user, action="export", target="customers", kind=kind, filters=asked)
    table = CustomerTable(directory, request=request)
    table.today = clock.today()
    return export_response(request, table, "customers")
