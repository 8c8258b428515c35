"""Test messages: the same queue, gateway and pace, to a number or address of staff; marked, and with no customer."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.messages.models import Message, MessageTemplate
from campaigns.messages.queries.preview import samples
from campaigns.messages.services.queueing import SEND_TASK
from customers.lists.models import ListEntry
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, Refused
from retention.core.identifiers import canonical_phone
from retention.core.jobs.services import wake_worker

TEST = "test"


def test_addresses(*, template: MessageTemplate, user: User) -> list[str]:
    """Where a test may go: the numbers that MESSAGE_TEST_NUMBERS names, the lines of MESSAGE_TEST_LINES, or one's own
    e-mail address. Any other would be a way past the contact gate."""
    if template.channel == ListEntry.Channel.EMAIL:
        return [user.email] if user.email else []
    if template.channel == ListEntry.Channel.APP:
        return list(settings.MESSAGE_TEST_LINES)
    return [number for one in settings.MESSAGE_TEST_NUMBERS if (number := canonical_phone(one))]


@transaction.atomic
def send_test(*, template: MessageTemplate, actor: User, to: str, now: datetime) -> list[Message]:
    """Queue the texts of the template, approved or not, with example values: one a language. Refused without the
    permission, Invalid for an address that is not one of staff."""
    if not actor.may(MessageTemplate.edit_permission):
        raise Refused(_("Your role does not include this."))
    if to not in test_addresses(template=template, user=actor):
        text = _("A test may go to a number of staff or to your own address only.")
        raise Invalid(text, details=[{"field": "to", "code": "not_staff", "message": text}])
    made = [
        Message(
            reference=f"MT{uuid4().hex[:14].upper()}", origin_kind=TEST, origin_key=str(uuid4()), template=template,
            template_version=template.version, branch_id=actor.branch_id, channel=template.channel,
            purpose=template.purpose, to=to, subject=one.subject[:300], text=one.text, parts=one.length.parts,
            priority=1, is_test=True, queued_at=now, due_at=now,
            expires_at=now + timedelta(hours=template.valid_hours),
        )
        for one in samples(template)
    ]  # fmt: skip
    Message.objects.bulk_create(made)
    audit.record(
        actor=actor, action="message.test", target=template, numbers=[one.reference for one in made],
    )  # fmt: skip
    wake_worker(SEND_TASK)
    return made
