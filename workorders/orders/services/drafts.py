"""What an agent has typed on a call screen and not yet saved as an outcome."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.errors import Conflict, Invalid
from workorders.orders.models import Draft, WorkOrder

# More than any outcome takes: what is too long to be saved is kept all the same.
MAX_DRAFT_CHARACTERS = 200_000


@transaction.atomic
def save_draft(
    *, order: WorkOrder, user: User, content: Mapping[str, str], now: datetime, known: int | None = None
) -> Draft:
    """Keep what is typed. known: the revision that the window has; None overwrites whatever is there.

    Conflict when the order is not with this person, or when another window has saved something else since (the code is
    `other_window`, the details have its fields); Invalid above MAX_DRAFT_CHARACTERS.
    """
    if not WorkOrder.objects.filter(pk=order.pk, assignee=user).exists():
        raise Conflict(_("This order is no longer with you."), code="not_yours")
    if sum(len(value) for value in content.values()) > MAX_DRAFT_CHARACTERS:
        raise Invalid(_("The note is too long."), code="too_long")
    draft, new = Draft.objects.select_for_update().get_or_create(
        order=order, user=user, defaults={"content": dict(content), "saved_at": now}
    )
    if new or draft.content == content:
        return draft
    if known is not None and known != draft.revision:
        raise _other_window(draft)
    draft.content, draft.saved_at, draft.revision = dict(content), now, draft.revision + 1
    draft.save(update_fields=["content", "saved_at", "revision"])
    return draft


def check_known_draft(*, order: WorkOrder, user: User, known: int | None, note: str) -> None:
    """Conflict when another window of the person has saved another note since the draft that this one knows."""
    draft = draft_of(order, user)
    if (
        known is not None
        and draft.revision != known
        and draft.content.get("note", "").strip() not in {"", note.strip()}
    ):
        raise _other_window(draft)


def draft_of(order: WorkOrder, user: User) -> Draft:
    """The draft of this person for this order; without one an empty, unsaved one of revision 0."""
    found = Draft.objects.filter(order=order, user=user).first()
    return found or Draft(order=order, user=user, content={}, revision=0)


def _other_window(draft: Draft) -> Conflict:
    return Conflict(
        _("Another window of yours has changed what is typed here. Nothing is overwritten; choose which one stays."),
        code="other_window",
        details=[{"field": "known_draft", "code": "revision", "value": draft.revision}]
        + [{"field": name, "code": "other_window", "value": value} for name, value in draft.content.items()],
    )
