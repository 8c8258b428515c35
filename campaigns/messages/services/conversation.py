"""One message to a customer with whom an agent is speaking: of an approved template, part of the call of the order.

The customer has been reached and asks for it: no cap and no reservation stops it (docs/decisions/0045-*.md). Lists,
consents and hold-outs decide as for every message, and so do the hours of the channel.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.messages.models import Message, MessageTemplate, MessageTemplateQuerySet, source_of
from campaigns.messages.queries.preview import Preview, preview
from campaigns.messages.rules import variables_in
from campaigns.messages.services.queueing import MessageRequest, Queued, queue_messages
from campaigns.messages.states import State
from campaigns.messages.variables import VARIABLES
from campaigns.outreach import name_sender
from campaigns.outreach.models import RefusalReason
from campaigns.outreach.rules import ORDER_CALL
from campaigns.outreach.text import format_why
from customers.facts.models import Subscriber
from customers.lists.models import ListEntry
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound

# Who waits for it is on the telephone: before all that is sent to many.
FIRST = 1
# The customer has not got it, and will not: it may be sent again.
_ENDED = (State.REFUSED, State.CANCELLED, State.FAILED, State.EXPIRED)


@dataclass(frozen=True)
class Call:
    """The call of an order. attempt: which of the order's calls, so that the next one may send the same again. values:
    as of MessageRequest."""

    order_no: str
    attempt: int
    line: Subscriber
    values: Mapping[str, str]

    @property
    def source(self) -> str:
        return source_of(ORDER_CALL, self.order_no)


@dataclass(frozen=True)
class Sent:
    """refused: why the gate refused it, in a sentence; "" where it is queued or was before."""

    message: Message
    refused: str


def templates_for(agent: User) -> MessageTemplateQuerySet:
    """Approved texts of an SMS that are in use where the agent works."""
    usable = MessageTemplate.objects.visible_to(agent).usable()
    return usable.filter(channel=ListEntry.Channel.SMS)


def find_template(agent: User, code: str) -> MessageTemplate:
    """NotFound for one that is not offered to the agent (any more)."""
    template = templates_for(agent).filter(code=code).first()
    if template is None:
        raise NotFound(_("There is no such message template in use."))
    return template


def preview_in_call(*, call: Call, template: MessageTemplate, now: datetime) -> Preview:
    """What would be sent now, and what stands in the way."""
    return preview(template=template, line=call.line, now=now, values=call.values, source=call.source)


@transaction.atomic
def send_in_call(*, call: Call, template: MessageTemplate, agent: User, now: datetime) -> Sent:
    """Queue the message; the same one again, of the same call and with the same values, gives the message that it has.

    The caller has locked the order. Invalid, with the names, where variables have no value, and where there is no
    address or too much text. What the gate refuses is answered, not raised: the ledger keeps it.
    """
    found = preview_in_call(call=call, template=template, now=now)
    if found.obstacle is not None:
        raise Invalid(format_obstacle(found), details=[{"field": "template", "code": found.obstacle.value}])
    request = MessageRequest(call.line.pk, ORDER_CALL, _intent(call, template), call.values)
    (answer,) = queue_messages(requests=[request], template=template, now=now, priority=FIRST)
    if answer.is_new:
        _record(call, template, answer, agent)
    message = Message.objects.select_related("template").get(reference=answer.reference)
    return Sent(message, format_refusal(found) if message.state == State.REFUSED else "")


def _intent(call: Call, template: MessageTemplate) -> str:
    """The order, its attempt, how often this came to nothing, and what is said: another appointment is another one."""
    sent = Message.objects.of_calls(call.order_no, call.line.account.customer_id).filter(template=template)
    said = variables_in(*template.texts().values())
    values = sorted((name, value) for name, value in call.values.items() if name.removesuffix("_zh") in said)
    stem = f"{call.order_no}:{call.attempt}:{sha256(json.dumps(values).encode()).hexdigest()[:8]}"
    ended = sent.filter(origin_key__startswith=f"{stem}:", state__in=_ENDED).count()
    return f"{stem}:{ended}"


def _record(call: Call, template: MessageTemplate, answer: Queued, agent: User) -> None:
    name_sender(order_no=answer.reference, actor=agent)
    audit.record(
        actor=agent, action="message.send", target=call.line, order=call.order_no, message=answer.reference,
        template=template.code, state=answer.state,
    )  # fmt: skip


def format_obstacle(found: Preview) -> str:
    """Why a text cannot be made or sent; "" where it can."""
    if found.missing:
        names = ", ".join(f"{VARIABLES[name].label} {{{name}}}" for name in found.missing)
        return _("There is no value for: %(names)s.") % {"names": names}
    return str(found.obstacle.label) if found.obstacle else ""


def format_refusal(found: Preview) -> str:
    """Why the gate refuses the message, in a sentence; "" where it does not, or only holds it until its hours."""
    return "" if found.answer.reason == RefusalReason.QUIET_HOURS else format_why(found.answer)
