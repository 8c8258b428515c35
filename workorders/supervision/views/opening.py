"""An order for one line, opened from its page."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Invalid
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.manual_opening import OpenedByHand, open_by_hand


@require("work.supervise")
@require_POST
def open_for_line(request: StaffRequest, subscriber_no: str) -> HttpResponse:
    """To the new order, where it can be assigned; back to the line with the reason where there is none."""
    line = Subscriber.objects.visible_to(request.user).filter(subscriber_no=subscriber_no).first()
    if line is None:
        raise Http404(subscriber_no)
    try:
        done = open_by_hand(
            subscriber_ids=[line.pk], order_type=request.POST.get("order_type", ""), actor=request.user,
            now=clock.now(), origin=Origin(OriginKind.CUSTOMER),
        )  # fmt: skip
    except Invalid as error:
        messages.error(request, error.message)
    else:
        if done.opened:
            return redirect("workorders:order", done.opened[0])
        messages.warning(request, _format_refusal(done))
    return redirect("customers:detail", subscriber_no)


def _format_refusal(done: OpenedByHand) -> str:
    reasons = [str(reason.label) for reason in done.refused] or [_("The order type is not for this line.")]
    return _("No order was opened: %(why)s") % {"why": ", ".join(reasons)}
