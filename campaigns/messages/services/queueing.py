"""The one door to the queue: texts are made, the gate is asked and contacts are reserved in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.messages.models import Message, MessageTemplate, source_of
from campaigns.messages.queries.rendering import BILL_AGE, rendering_sql, text_parameters
from campaigns.messages.states import State
from campaigns.outreach import ContactRequest, reserve
from campaigns.outreach.models import RefusalReason
from campaigns.outreach.queries import Verdict
from customers.facts.models import Account, Subscriber
from retention.core.errors import Conflict
from retention.core.jobs.services import wake_worker

MESSAGES = Message._meta.db_table
SEND_TASK = "campaigns.messages.tasks.send_messages"


@dataclass(frozen=True)
class MessageRequest:
    """One intent. origin_kind, origin_key: who asks, and for which occasion, so that it is asked once. values: of the
    variables that only the sender knows: `offer`, `offer_zh`, `until` (a day, ISO), `appointment` (a local time, ISO).
    by_risk: as of ContactRequest."""

    subscriber_id: int
    origin_kind: str
    origin_key: str
    values: Mapping[str, str] = field(default_factory=dict)
    by_risk: bool = False

    @property
    def source(self) -> str:
        """As the contact ledger names it: `scenario:S13`."""
        return source_of(self.origin_kind, self.origin_key)


@dataclass(frozen=True)
class Queued:
    """What came of a request. reference: "" for a line that is not there. reason: Obstacle or RefusalReason of a
    refusal. is_new: False where the intent was known before; its message stays what it has become."""

    reference: str
    state: str
    reason: str
    is_new: bool


# The number is made of the intent: a provider that knows it does not send it again, whatever the database has lost.
REFERENCE = """'M' || upper(left(md5(%(origin_kind)s || '|' || r.origin_key || '|' || r.customer_id || '|'
    || %(template)s), 15))"""
_INSERT = f"""
INSERT INTO {MESSAGES}
    (reference, origin_kind, origin_key, template_id, template_version, customer_id, subscriber_id, branch_id, channel,
     purpose, "to", subject, text, parts, priority, is_test, state, reason, detail, attempts, gateway, provider_ref,
     queued_at, due_at, expires_at)
SELECT {REFERENCE}, %(origin_kind)s, r.origin_key, %(template)s, %(version)s, r.customer_id, r.subscriber_id,
       r.branch_id, %(channel)s, %(purpose)s, r.address, left(r.subject, 300), r.text, 0, %(priority)s, false,
       CASE r.obstacle WHEN '' THEN '{State.QUEUED}' ELSE '{State.REFUSED}' END, r.obstacle, '', 0, '', '',
       %(now)s, %(now)s, %(expires_at)s
FROM ({{rendered}}) r ORDER BY r.place
ON CONFLICT (origin_kind, origin_key, customer_id, template_id) DO NOTHING
RETURNING id
"""
# Materialized: before the database has statistics of what was just written it takes the intents for a single one, and
# would pair each of them with every request, for minutes.
_FOUND = f"""
WITH asked AS MATERIALIZED (
    SELECT r.place, r.origin_key, account.customer_id
    FROM unnest(%(places)s::int[], %(subscribers)s::bigint[], %(origin_keys)s::text[]) r(place, line_id, origin_key)
    JOIN {Subscriber._meta.db_table} line ON line.id = r.line_id
    JOIN {Account._meta.db_table} account ON account.id = line.account_id
)
SELECT r.place, m.id, m.reference, m.state, m.reason, m.customer_id, m.subscriber_id
FROM asked r
JOIN {MESSAGES} m ON m.origin_kind = %(origin_kind)s AND m.origin_key = r.origin_key
    AND m.customer_id = r.customer_id AND m.template_id = %(template)s
ORDER BY r.place
"""
_REFUSE = f"""
UPDATE {MESSAGES} m SET state = '{State.REFUSED}', reason = x.reason, settled_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) x(id, reason) WHERE m.id = x.id
"""


@transaction.atomic
def queue_messages(
    *, requests: Sequence[MessageRequest], template: MessageTemplate, now: datetime, priority: int = 5
) -> list[Queued]:
    """Queue a message of `template` for each request; the answers are in their order. All are of one origin_kind.

    An intent is queued once: the same request again gives the message that it has. Refused are those without an address
    or a value, and whom the gate refuses: the ledger keeps the reason, as for orders. Four statements for any number;
    the gate's lock is held until the end of the transaction, so call it in chunks of some thousands.

    Conflict `template_off` when the template is not approved or switched off; Unavailable as outreach.reserve.
    """
    if not requests:
        return []
    if not template.enabled:
        text = _("The message template %(code)s is not approved or switched off.") % {"code": template.code}
        raise Conflict(text, code="template_off")
    (kind,) = {one.origin_kind for one in requests}
    given = _parameters(requests, template, now) | {"origin_kind": kind, "priority": priority}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(rendered=rendering_sql(template)), given)
        new = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(_FOUND, given)
        found = {place: tuple(rest) for place, *rest in cursor.fetchall()}
    refused = _ask_gate(requests, template, found, new, now)
    if new:
        wake_worker(SEND_TASK)
    return [_answer(found.get(place), new, refused) for place in range(len(requests))]


def _parameters(requests: Sequence[MessageRequest], template: MessageTemplate, now: datetime) -> dict[str, Any]:
    return text_parameters(template) | {
        "places": list(range(len(requests))),
        "subscribers": [one.subscriber_id for one in requests],
        "origin_keys": [one.origin_key for one in requests],
        "given": [json.dumps(dict(one.values)) for one in requests],
        "template": template.pk,
        "version": template.version,
        "channel": template.channel,
        "purpose": template.purpose,
        "now": now,
        "expires_at": now + timedelta(hours=template.valid_hours),
        "bills_since": timezone.localtime(now).date() - BILL_AGE,
    }


def _ask_gate(
    requests: Sequence[MessageRequest], template: MessageTemplate, found: Mapping[int, tuple], new: set[int],
    now: datetime,
) -> dict[int, RefusalReason]:  # fmt: skip
    """Reserve the contacts of the new messages; {id: why} of those that are refused. Each message is asked for once,
    though two requests may share it."""
    asked: dict[int, ContactRequest] = {}
    for place, (pk, reference, state, _reason, customer, line) in found.items():
        if pk in new and state == State.QUEUED and pk not in asked:
            one = requests[place]
            asked[pk] = ContactRequest(
                customer, line, template.channel, template.purpose, one.source, reference, one.by_risk
            )
    verdicts: Mapping[int, Verdict] = dict(zip(asked, reserve(requests=list(asked.values()), now=now), strict=True))
    refused = {pk: verdict.reason for pk, verdict in verdicts.items() if verdict.reason is not None}
    if refused:
        with connection.cursor() as cursor:
            reasons = [reason.value for reason in refused.values()]
            cursor.execute(_REFUSE, {"ids": list(refused), "reasons": reasons, "now": now})
    held = {verdict.held_until for verdict in verdicts.values() if verdict.allowed} - {None}
    if held:
        waiting = [pk for pk, verdict in verdicts.items() if verdict.allowed]
        Message.objects.filter(pk__in=waiting).update(due_at=held.pop())
    return refused


def _answer(row: tuple | None, new: set[int], refused: Mapping[int, RefusalReason]) -> Queued:
    if row is None:
        return Queued("", State.REFUSED, "", is_new=False)
    pk, reference, state, reason, _customer, _line = row
    if pk in refused:
        return Queued(reference, State.REFUSED, refused[pk].value, is_new=True)
    return Queued(reference, state, reason, is_new=pk in new)
