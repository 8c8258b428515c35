"""Writing events in the transaction of the change they report: a rollback removes both.

Events without a subscribed webhook are not written. Two concurrent transactions with events of one subject have no
order between them; otherwise a subject's events are sent in the order in which they were written.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from retention.core.accounts.models import Branch
from retention.core.api.models import ApiClient
from retention.core.jobs.services import wake_worker
from retention.core.webhooks.events import require_declared
from retention.core.webhooks.models import Delivery, OutboxEvent, Webhook
from retention.core.webhooks.services.deliveries import GIVE_UP_AFTER

_LISTENERS = f"""
    SELECT w.id, b.path FROM {Webhook._meta.db_table} w
    JOIN {ApiClient._meta.db_table} c ON c.id = w.client_id
    LEFT JOIN {Branch._meta.db_table} b ON b.id = c.branch_id
    WHERE c.revoked_at IS NULL AND w.events @> to_jsonb(%(outbox_event)s::text)
"""
# One statement from the changed rows to the deliveries. Without a subscriber the query in it is not run.
_PUBLISH = f"""
WITH listener AS MATERIALIZED ({_LISTENERS}),
told AS MATERIALIZED (
    SELECT gen_random_uuid() AS id, row_number() OVER () AS place, deed.subject, deed.payload, deed.branch_id
    FROM (%s) deed WHERE EXISTS (SELECT 1 FROM listener)
),
wanted AS MATERIALIZED (
    SELECT told.id, told.place, told.subject, listener.id AS webhook_id
    FROM told LEFT JOIN {Branch._meta.db_table} b ON b.id = told.branch_id
    JOIN listener ON listener.path IS NULL OR starts_with(b.path, listener.path)
),
kept AS (
    INSERT INTO {OutboxEvent._meta.db_table} (id, name, subject, payload, branch_id, created_at)
    SELECT id, %%(outbox_event)s, subject, payload, branch_id, %%(outbox_now)s FROM told
    WHERE EXISTS (SELECT 1 FROM wanted WHERE wanted.id = told.id)
)
INSERT INTO {Delivery._meta.db_table}
    (webhook_id, event_id, subject, state, attempts, refusals, next_attempt_at, give_up_at, last_error)
SELECT webhook_id, id, subject, 'pending', 0, 0, %%(outbox_now)s, %%(outbox_give_up)s, ''
FROM wanted ORDER BY place, webhook_id
""".replace("%(outbox_event)s::text", "%%(outbox_event)s::text")
_ROWS = """
    SELECT subject, payload::jsonb AS payload, branch_id
    FROM unnest(%(subjects)s::text[], %(payloads)s::text[], %(branches)s::bigint[])
        WITH ORDINALITY AS row (subject, payload, branch_id, place) ORDER BY place
"""
DELIVER_TASK = "retention.core.webhooks.tasks.deliver_webhooks"


def publish(*, event: str, subject: str, payload: Mapping, branch_id: int | None, now: datetime) -> None:
    """Publish one event to every subscribed webhook. subject: the subscriber_no, within which order is kept."""
    publish_many(event=event, rows=[(subject, payload, branch_id)], now=now)


def publish_many(*, event: str, rows: Sequence[tuple[str, Mapping, int | None]], now: datetime) -> int:
    """The same for many (subject, payload, branch_id) in one statement; returns the number of deliveries."""
    if not rows:
        return 0
    subjects, payloads, branches = zip(*rows, strict=True)
    texts = [json.dumps(payload, ensure_ascii=False) for payload in payloads]
    params = {"subjects": list(subjects), "payloads": texts, "branches": list(branches)}
    return publish_query(event=event, query=_ROWS, params=params, now=now)


def publish_query(*, event: str, query: str, params: Mapping[str, Any], now: datetime) -> int:
    """The same for the rows of an SQL query: columns subject, payload (jsonb) and branch_id, in sending order.

    The query only runs when a webhook subscribes, so it may read a million rows. Returns the number of deliveries.
    """
    words = dict(params, outbox_event=require_declared(event), outbox_now=now, outbox_give_up=now + GIVE_UP_AFTER)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PUBLISH % query, words)
        told = cursor.rowcount
    if told:
        wake_worker(DELIVER_TASK)
    return told


def has_listeners(event: str) -> bool:
    """Whether any webhook subscribes to this event, to skip work that only the event needs."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({_LISTENERS})", {"outbox_event": require_declared(event)})
        return cursor.fetchone()[0]
