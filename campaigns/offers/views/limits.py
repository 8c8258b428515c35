"""Pages of stock and budget of an offer, and of the ceilings of roles."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.offers.forms import CeilingForm, PoolForm
from campaigns.offers.models import Offer, ceilings
from campaigns.offers.services.limits import set_ceiling, set_pool
from campaigns.offers.tables.offer import PoolTable
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.accounts.roles import Role
from retention.core.errors import Invalid, NotFound, Refused
from retention.core.managed.permissions import may_decide
from retention.core.managed.queries import find_row


@require("offers.edit")
@require_http_methods(["GET", "POST"])
def pools_page(request: StaffRequest, code: str) -> HttpResponse:
    """What there is of an offer and how much of it is given; a form sets stock and budget of one branch."""
    offer = find_row(model=Offer, actor=request.user, code=code)
    form = PoolForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            set_pool(actor=request.user, code=code, **form.cleaned_data)
        except (Invalid, Refused) as error:
            field = error.details[0]["field"] if error.details else None
            form.add_error(field, str(error.message))
        else:
            messages.success(request, _("Stock and budget are set."))
            return redirect("offers:offer", code)
    pools = PoolTable(offer.pools.select_related("branch").order_by("branch__path"))
    context = {"offer": offer, "form": form, "pools": pools}
    status = 422 if form.is_bound else 200
    return render(request, "campaigns/offers/limits.html", context, status=status)


@require("offers.view")
@require_http_methods(["GET", "POST"])
def ceilings_page(request: StaffRequest) -> HttpResponse:
    """What an offer may cost that people of each role give alone; who decides for the whole base changes it."""
    may_edit = may_decide(actor=request.user, permission=Offer.edit_permission, branch=None)
    form = CeilingForm(request.POST or None) if may_edit else None
    if request.method == "POST":
        if form is None:
            raise Refused(_("Only who decides for the whole base may change ceilings."))
        if form.is_valid():
            try:
                set_ceiling(actor=request.user, **form.cleaned_data)
            except (Invalid, NotFound) as error:
                form.add_error(None, str(error.message))
            else:
                messages.success(request, _("The ceiling is set."))
                return redirect("offers:ceilings")
    rows = [(Role(role).label, yuan) for role, yuan in ceilings().items()]
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "campaigns/offers/ceilings.html", {"rows": rows, "form": form}, status=status)
