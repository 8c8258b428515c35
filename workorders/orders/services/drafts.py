"""What an agent is typing, kept on the server until it is saved as an outcome."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.errors import Conflict, Invalid
from workorders.orders.models import Draft, WorkOrder

MAX_DRAFT_CHARACTERS = 20_000


def save_draft(*, order: WorkOrder, user: User, content: Mapping[str, str], now: datetime) -> Draft:
    """Keep what is typed. Conflict when the order is not with this person, Invalid when it is a book."""
    if not WorkOrder.objects.filter(pk=order.pk, assignee=user).exists():
        raise Conflict(_("This order is no longer with you."), code="not_yours")
    if sum(len(value) for value in content.values()) > MAX_DRAFT_CHARACTERS:
        raise Invalid(_("The note is too long."), code="too_long")
    draft, _new = Draft.objects.update_or_create(
        order=order, user=user, defaults={"content": dict(content), "saved_at": now}
    )
    return draft


def draft_of(order: WorkOrder, user: User) -> dict[str, str]:
    """What this person had typed on this order; {} when nothing."""
    draft = Draft.objects.filter(order=order, user=user).first()
    return draft.content if draft else {}
