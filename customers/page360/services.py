"""Showing a full phone number: with permission, a stated reason, a rate limit and an audit entry."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound, Refused

REVEAL_ACTION = "customer.reveal_phone"
REVEAL_WINDOW = timedelta(hours=1)
MAX_REVEALS = 30


@transaction.atomic
def reveal_phone(*, user: User, subscriber: Subscriber, reason: str) -> str:
    """The full number of a line. At most 30 an hour per user.

    Refused without the permission or over the limit, NotFound for an invisible line, Invalid without a reason.
    """
    if not user.may("customers.reveal_phone"):
        raise Refused(_("Your role may not see full phone numbers."))
    if not Subscriber.objects.visible_to(user).filter(pk=subscriber.pk).exists():
        raise NotFound(_("There is no such subscriber."))
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Say why you need the number."), details=[{"field": "reason", "code": "required"}])
    # Serialised per user: two requests at once would both count 29.
    User.objects.select_for_update().get(pk=user.pk)
    if audit.count_recent(actor=user, action=REVEAL_ACTION, within=REVEAL_WINDOW) >= MAX_REVEALS:
        raise Refused(
            _("You have looked at %(count)d numbers within an hour; wait a while, or ask your supervisor.")
            % {"count": MAX_REVEALS},
            code="too_often",
        )
    audit.record(actor=user, action=REVEAL_ACTION, target=subscriber, reason=reason[:200])
    return subscriber.phone_number
