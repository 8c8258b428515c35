"""An order that came by "next order" is put back with a reason."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid, NotFound
from workorders.console.views.desk import go_to_next
from workorders.orders.services.skipping import skip


@require("work.do")
@require_POST
def skip_order(request: StaffRequest, order_no: str) -> HttpResponse:
    """The order on the desk, back to its group; then the next one."""
    try:
        skip(order_no=order_no, agent=request.user, reason=request.POST.get("reason", ""), now=clock.now())
    except NotFound as error:
        raise Http404(order_no) from error
    except (Conflict, Invalid) as error:
        messages.warning(request, error.message)
        return redirect("workorders:order", order_no)
    messages.success(request, _("%(order)s is back in its group's queue.") % {"order": order_no})
    return go_to_next(request)
