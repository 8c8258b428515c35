"""Opening a recording, and saying at which telephone one sits."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid, NotFound
from workorders.telephony.forms import ExtensionForm
from workorders.telephony.services.calling import open_recording
from workorders.telephony.services.extensions import set_extension


@require("customers.view")
@require_GET
def recording(request: StaffRequest, reference: str) -> HttpResponse:
    """To the operator's recording; the trail says who opens it."""
    try:
        address = open_recording(reference=reference, user=request.user)
    except NotFound as error:
        raise Http404(reference) from error
    return HttpResponseRedirect(address)


@require("work.do")
@require_POST
def extension(request: StaffRequest) -> HttpResponse:
    form = ExtensionForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else form.data.get("number", "")
    try:
        set_extension(agent=request.user, number=number, now=clock.now())
    except (Conflict, Invalid) as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Calls ring at your telephone %(number)s.") % {"number": number or "–"})
    return redirect("workorders:console")
