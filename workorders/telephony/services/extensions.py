"""At which telephone an agent sits."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, Refused
from workorders.orders.states import WORK
from workorders.telephony.models import Extension

MAX_CHARACTERS = 20


@transaction.atomic
def set_extension(*, agent: User, number: str, now: datetime) -> None:
    """The switch rings at this telephone from now on; "" for none. Whoever sat there and has gone sits there no more.

    Conflict while somebody who is signed in sits there; Invalid for what is no extension.
    """
    if not agent.may(WORK):
        raise Refused(_("Only agents make calls here."), code="move_not_permitted")
    number = number.strip()
    if number and not (number.isascii() and number.isdigit() and len(number) <= MAX_CHARACTERS):
        message = _("An extension has digits only, %(count)d at most.") % {"count": MAX_CHARACTERS}
        raise Invalid(message, details=[{"field": "number", "code": "invalid", "message": message}])
    taken = Extension.objects.select_for_update(of=("self",)).select_related("agent").filter(number=number)
    for other in taken.exclude(agent=agent):
        if other.agent.is_signed_in(now=now):
            message = _("%(name)s sits at this telephone.") % {"name": other.agent.display_name}
            raise Conflict(message, code="taken")
        other.delete()
    Extension.objects.filter(agent=agent).exclude(number=number).delete()
    if number:
        Extension.objects.update_or_create(agent=agent, defaults={"number": number})
    audit.record(actor=agent, action="call.extension", target=f"user:{agent.username}", extension=number)
