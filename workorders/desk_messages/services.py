"""Messages to desks: a supervisor's, and those of other features; the people there say that they have read it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import Team, User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound, Refused
from retention.core.masking import mask_phones
from retention.core.notices.models import Notice, Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.services.reading import mark_read
from retention.core.notices.text import Message
from workorders.declarations import DESK_MESSAGE
from workorders.desk_messages.models import DeskMessage, Receipt
from workorders.orders.queries import teams_under
from workorders.supervision.services import agents_under

ACTION, MAX_TEXT, DESK = "desk_message.send", 500, "/work/"


@transaction.atomic
def send_message(
    *, actor: User, text: str, now: datetime, agents: Sequence[User] = (), team: Team | None = None
) -> DeskMessage:
    """Write to agents, to everybody of a group, or both. Phone numbers in the text are masked.

    NotFound for people and groups the actor does not run; Invalid without a text or anybody to read it.
    """
    if not actor.may("work.supervise"):
        raise Refused(_("Your role does not include this."))
    known = agents_under(actor)
    if any(one not in known for one in agents):
        raise NotFound(_("There is no such agent in your groups."))
    if team is not None and team not in teams_under(actor):
        raise NotFound(_("There is no such group among yours."))
    people = [one for one in known if one in agents or (team is not None and team in one.teams.all())]
    people = [one for one in people if one != actor]
    return deliver(sender=actor, people=people, text=text, now=now)


@transaction.atomic
def deliver(*, sender: User, people: Sequence[User], text: str, now: datetime, subject: str = "") -> DeskMessage:
    """To these desks, whose they are is up to the caller; subject stands before the text. Phone numbers are masked.

    Invalid without a text, for one too long, and without people.
    """
    words, before = mask_phones(text.strip()), f"{subject}: " if subject else ""
    most = MAX_TEXT - len(before)
    if not words or len(words) > most:
        raise _invalid("text", _("Write 1 to %(most)d characters.") % {"most": most})
    words = before + words
    if not people:
        raise _invalid("agents", _("Choose an agent or a group with agents."))
    row = DeskMessage.objects.create(sender=sender, text=words, sent_at=now)
    Receipt.objects.bulk_create(Receipt(message=row, person=one) for one in people)
    what = Message(DESK_MESSAGE, {"name": sender.display_name, "text": words, "message": row.pk})
    notify(people=people, what=what, where=DESK, urgency=Urgency.IMPORTANT, now=now)
    audit.record(actor=sender, action=ACTION, target=row, people=len(people))
    return row


@transaction.atomic
def read_message(*, pk: int, person: User, now: datetime) -> None:
    """The person has read it, on the desk; its notice is read as well. NotFound for a message to others."""
    if not Receipt.objects.filter(message=pk, person=person).exists():
        raise NotFound(_("There is no such message."))
    Receipt.objects.filter(message=pk, person=person, read_at=None).update(read_at=now)
    mark_read(notices=Notice.objects.of(person).filter(message=DESK_MESSAGE, params__message=pk), now=now)


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, details=[{"field": field, "code": "bad", "message": message}])
