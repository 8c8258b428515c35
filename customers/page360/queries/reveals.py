"""Whose numbers a person has looked at. The audit trail is the count."""

from datetime import datetime

from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.core.audit.models import AuditEntry
from retention.core.audit.services import target_name

REVEAL_ACTION = "customer.reveal_phone"


def revealed_customers(user: User, *, since: datetime) -> set[int]:
    """Ids of the customers with a line whose number the person has looked at since then."""
    looks = AuditEntry.objects.filter(actor_id=user.pk, action=REVEAL_ACTION, at__gt=since)
    numbers = [target.partition(":")[2] for target in looks.values_list("target", flat=True).distinct()]
    lines = Subscriber.objects.filter(subscriber_no__in=numbers)
    return set(lines.values_list("account__customer_id", flat=True))


def is_revealed(user: User, line: Subscriber, *, since: datetime) -> bool:
    """Whether the person has looked at this number since then."""
    looks = AuditEntry.objects.filter(target=target_name(line), at__gte=since)
    return looks.filter(actor_id=user.pk, action=REVEAL_ACTION).exists()
