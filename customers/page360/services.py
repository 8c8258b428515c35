"""Showing a full phone number: with permission, a stated reason, a rate limit and an audit entry."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from customers.contacts.numbers import call_number
from customers.facts.models import Subscriber
from customers.page360.models import RevealLimit, RevealRaise
from customers.page360.queries.reveals import REVEAL_ACTION, revealed_customers
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound, Refused

REVEAL_WINDOW = timedelta(hours=1)
# Customers an hour, for a role that has no row in RevealLimit; and by how many a supervisor raises it for a day.
MAX_REVEALS = 30
RAISED_BY = 30


@transaction.atomic
def reveal_phone(*, user: User, subscriber: Subscriber, reason: str) -> str:
    """The full number at which the customer of a line is called. Each person may look at the numbers of so many
    customers an hour; at the same once more without being counted.

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
    now = clock.now()
    seen, limit = revealed_customers(user, since=now - REVEAL_WINDOW), reveal_limit(user, now=now)
    if subscriber.account.customer_id not in seen and len(seen) >= limit:
        raise Refused(
            _("You have looked at the numbers of %(count)d customers within an hour; your supervisor can raise this.")
            % {"count": limit},
            code="too_often",
        )
    audit.record(actor=user, action=REVEAL_ACTION, target=subscriber, reason=reason[:200])
    return call_number(subscriber)


def reveal_limit(user: User, *, now: datetime) -> int:
    """Of how many customers an hour the person may see the numbers: the role's limit and what was added to it."""
    of_role = RevealLimit.objects.filter(role=user.role).values_list("per_hour", flat=True).first()
    added = RevealRaise.objects.filter(user=user, until__gt=now).aggregate(extra=Sum("extra"))["extra"] or 0
    return (MAX_REVEALS if of_role is None else of_role) + added


@transaction.atomic
def raise_reveal_limit(*, user: User, actor: User, now: datetime) -> RevealRaise:
    """Let the person see RAISED_BY customers an hour more until the day ends. Whether the actor runs that person is up
    to the caller."""
    until = clock.midnight(now.date() + timedelta(days=1))
    raised = RevealRaise.objects.create(user=user, extra=RAISED_BY, until=until, given_by=actor)
    audit.record(actor=actor, action="customer.raise_reveals", target=f"user:{user.username}", extra=RAISED_BY)
    return raised
