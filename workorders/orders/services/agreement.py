"""The end of a contact and the offers made in it say the same of the customer."""

from django.utils.translation import gettext as _

from campaigns.offers.models import Decision
from campaigns.offers.states import ACCEPTED_STATES, State
from campaigns.offers.text import format_offer_name
from retention.core.errors import Invalid
from workorders.order_types.models import Disposition
from workorders.orders.models import Transition, WorkOrder

Result = Disposition.Result
UNDECIDED = {Result.REFUSED, Result.CONSIDERING}


def check_agreement(*, order: WorkOrder, chosen: Disposition) -> None:
    """Invalid at the disposition when "accepted" has no accepted offer on this order, or when an offer was accepted
    and the disposition says that the customer refused, has not decided, or was not reached.

    An offer that billing has refused binds nobody any more. One accepted in an earlier contact of the order says
    nothing about whether the customer was reached in this one.
    """
    if chosen.reached and chosen.result not in UNDECIDED | {Result.ACCEPTED}:
        return
    taken = list(Decision.objects.filter(order_no=order.order_no, state__in=ACCEPTED_STATES).select_related("offer"))
    if chosen.result == Result.ACCEPTED:
        if not taken:
            raise _invalid(_("Record first which offer the customer accepts (Alt+O)."), "offer_missing")
        return
    binding = [decision for decision in taken if decision.state != State.REFUSED]
    if chosen.result not in UNDECIDED:
        begun = Transition.objects.filter(order=order, move="claim").order_by("-version").first()
        binding = [one for one in binding if one.accepted_at and begun and one.accepted_at >= begun.at]
    if binding:
        what = {"offer": format_offer_name(binding[0]), "ending": chosen.title}
        raise _invalid(
            _("The customer has accepted “%(offer)s”; “%(ending)s” does not go with it.") % what, "offer_accepted"
        )


def _invalid(message: str, code: str) -> Invalid:
    return Invalid(message, details=[{"field": "disposition", "code": code, "message": message}])
