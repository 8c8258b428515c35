"""Administrators' pages of API clients. A key and its secret are shown once, when they are created."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.api.forms import ClientForm
from retention.core.api.models import ApiClient
from retention.core.api.services.clients import NewKey, change_client, create_client, revoke_client, rotate_key
from retention.core.api.tables import ClientTable, KeyTable
from retention.core.errors import Invalid
from retention.core.ui import formats
from retention.core.ui.listing import ListPage


class ClientList(ListPage):
    name = "api-clients"
    permission = "admin"
    template_name = "core/api/client_list.html"
    table_class = ClientTable

    def get_queryset(self) -> QuerySet[ApiClient]:
        return ApiClient.objects.for_list()


@require("admin")
@require_GET
def new_client(request: StaffRequest) -> HttpResponse:
    return _form_page(request, ClientForm())


@require("admin")
@require_POST
def create(request: StaffRequest) -> HttpResponse:
    """Renders the page with the new key without a redirect, so that it cannot be shown twice."""
    form = ClientForm(request.POST)
    if form.is_valid():
        try:
            return _key_page(request, create_client(**form.cleaned_data, now=clock.now(), actor=request.user))
        except Invalid as error:
            form.refuse(error)
    return _form_page(request, form, status=422)


@require("admin")
@require_GET
def client_page(request: StaffRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(ApiClient.objects.for_list(), pk=pk)
    return _client_page(request, client, ClientForm(client=client))


@require("admin")
@require_POST
def change(request: StaffRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(ApiClient.objects.for_list(), pk=pk)
    form = ClientForm(request.POST, client=client)
    if form.is_valid():
        try:
            change_client(client=client, **form.cleaned_data, actor=request.user)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved. It holds from the client's next request on."))
            return redirect("core:api-client", pk)
    return _client_page(request, client, form, status=422)


@require("admin")
@require_POST
def rotate(request: StaffRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(ApiClient, pk=pk)
    return _key_page(request, rotate_key(client=client, now=clock.now(), actor=request.user), rotated=True)


@require("admin")
@require_POST
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(ApiClient, pk=pk)
    revoke_client(client=client, now=clock.now(), actor=request.user)
    messages.success(request, _("%(name)s has no access from now on.") % {"name": client.name})
    return redirect("core:api-client", pk)


def _client_page(request: StaffRequest, client: ApiClient, form: ClientForm, status: int = 200) -> HttpResponse:
    maker = client.created_by or _("a command")
    facts = [
        (_("Last used"), formats.moment(client.last_used_at)),
        (_("Created"), f"{formats.moment(client.created_at)} · {maker}"),
    ]
    if client.revoked_at:
        facts.append((_("Revoked"), formats.moment(client.revoked_at)))
    keys = KeyTable(client, now=clock.now())
    context = {"client": client, "form": form, "facts": facts, "keys": keys}
    return render(request, "core/api/client_detail.html", context, status=status)


def _form_page(request: StaffRequest, form: ClientForm, status: int = 200) -> HttpResponse:
    return render(request, "core/api/client_new.html", {"form": form}, status=status)


def _key_page(request: StaffRequest, new: NewKey, *, rotated: bool = False) -> HttpResponse:
    response = render(request, "core/api/client_key.html", {"new": new, "rotated": rotated})
    response["Cache-Control"] = "no-store"
    return response
