"""What an agent has typed on a call screen and not yet saved as an outcome."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.errors import Conflict, Invalid
from workorders.order_types import rules
from workorders.order_types.models import Disposition
from workorders.orders.models import Draft, Note, WorkOrder
from workorders.orders.services.answers import survey_of_order
from workorders.orders.services.locks import has_worked_on
from workorders.surveys.text import format_answer

# More than any outcome takes: what is too long to be saved is kept all the same.
MAX_DRAFT_CHARACTERS = 200_000


def save_draft(
    *, order: WorkOrder, user: User, content: Mapping[str, str], now: datetime, known: int | None = None
) -> Draft:
    """Keep what is typed. known: the revision that the window has; None overwrites whatever is there.

    Conflict when the order is not with this person any more, in whose note the words are kept then, or when another
    window has saved something else since (the code is `other_window`, the details have its fields); Invalid above
    MAX_DRAFT_CHARACTERS.
    """
    if sum(len(value) for value in content.values()) > MAX_DRAFT_CHARACTERS:
        raise Invalid(_("The note is too long."), code="too_long")
    if not WorkOrder.objects.filter(pk=order.pk, assignee=user).exists():
        _keep_late_words(order, user, content.get("note", "").strip(), now)
        raise Conflict(_("This order is no longer with you."), code="not_yours")
    return _save(order, user, content, now, known)


@transaction.atomic
def _save(order: WorkOrder, user: User, content: Mapping[str, str], now: datetime, known: int | None) -> Draft:
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
    draft, note = draft_of(order, user), note.replace("\r\n", "\n")
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


def keep_as_notes(*, orders: Sequence[WorkOrder], now: datetime) -> int:
    """Turn the drafts of orders that were taken from their agents into notes of these orders; how many."""
    drafts = list(Draft.objects.filter(order__in=orders).select_related("user", "order__type").order_by("pk"))
    texts = [(draft, _as_text(draft)) for draft in drafts]
    Note.objects.bulk_create(
        Note(order=draft.order, at=now, author=draft.user, author_name=draft.user.username, text=text)
        for draft, text in texts
        if text
    )
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    return len(drafts)


def _as_text(draft: Draft) -> str:
    """The note, then what was chosen and not saved, in the language of its writer."""
    content = draft.content
    with translation.override(draft.user.language):
        chosen = _chosen_answers(draft.order, content)
        if content.get("disposition"):
            ending = Disposition.objects.filter(code=content["disposition"]).first()
            chosen += [ending.title] if ending else []
        if content.get("appointment_at"):
            chosen.append(content["appointment_at"].replace("T", " "))
        unsaved = _("Chosen, not saved: %(what)s") % {"what": "; ".join(chosen)} if chosen else ""
    return "\n".join(filter(None, [content.get("note", "").strip(), unsaved]))


def _chosen_answers(order: WorkOrder, content: Mapping[str, str]) -> list[str]:
    """Each as `question: answer`."""
    if survey := survey_of_order(order):
        given = {name.removeprefix("answer_"): value for name, value in content.items()}
        return [
            format_answer(step.block, given[step.block.key])
            for step in survey.tree.path(given)
            if step.block.is_question and given.get(step.block.key)
        ]
    asked = {one.input_name: one for one in rules.read(order.type.flow, order.type.fields).fields}
    return [asked[name].format_answer(value) for name, value in content.items() if value and name in asked]


def _keep_late_words(order: WorkOrder, user: User, text: str, now: datetime) -> None:
    """Words that came after the order had left: the note they were kept in grows, or there is a new one."""
    if not text or not has_worked_on(order, user):
        return
    last = Note.objects.filter(order=order, author=user).first()
    if last is not None and text in last.text:
        return
    if last is not None and text.startswith(last.text):
        last.text = text
        last.save(update_fields=["text"])
        return
    Note.objects.create(order=order, at=now, author=user, author_name=user.username, text=text)


def _other_window(draft: Draft) -> Conflict:
    return Conflict(
        _("Another window of yours has changed what is typed here. Nothing is overwritten; choose which one stays."),
        code="other_window",
        details=[{"field": "known_draft", "code": "revision", "value": draft.revision}]
        + [{"field": name, "code": "other_window", "value": value} for name, value in draft.content.items()],
    )
