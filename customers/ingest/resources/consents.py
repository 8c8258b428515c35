"""Consents to be contacted; changed ones are published as events.

What a person of the centre has recorded stands until billing states something that the customer said later.
"""

from datetime import datetime

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers.declarations import CONSENT_CHANGED
from customers.facts.models import Consent, Subscriber
from customers.ingest.resources.base import Fields, Resource
from retention.core.db.temporary_tables import REUSED, TemporaryTable
from retention.core.webhooks.services.publishing import has_listeners, publish_query

# Stored values of the staged consents before the load.
_BEFORE = TemporaryTable("consents_before", {"id": "bigint", "granted": "boolean"}, on_commit=REUSED)
_OF_STAGED = f"""
    stage_consents s
    JOIN {Subscriber._meta.db_table} line ON line.subscriber_no = s.subscriber_no
    JOIN {Consent._meta.db_table} c ON (c.subscriber_id, c.purpose, c.channel) = (line.id, s.purpose, s.channel)
"""
_CHANGED = f"""
    SELECT line.subscriber_no AS subject, line.branch_id,
        jsonb_build_object(
            'subscriber_no', line.subscriber_no, 'purpose', c.purpose, 'channel', c.channel, 'granted', c.granted,
            'at', c.at
        ) AS payload
    FROM {_OF_STAGED} LEFT JOIN {_BEFORE} b ON b.id = c.id
    WHERE c.granted = s.granted AND c.granted IS DISTINCT FROM b.granted ORDER BY s._pos
"""


_KEEP_RECORDED = f"""
    UPDATE stage_consents s SET granted = c.granted, at = c.at, source = c.source, proof = c.proof
    FROM {Subscriber._meta.db_table} line, {Consent._meta.db_table} c
    WHERE line.subscriber_no = s.subscriber_no
      AND (c.subscriber_id, c.purpose, c.channel) = (line.id, s.purpose, s.channel)
      AND c.recorded_by_id IS NOT NULL AND c.at >= s.at
"""
_HAND_OVER = f"""
    UPDATE {Consent._meta.db_table} c SET recorded_by_id = NULL
    FROM stage_consents s JOIN {Subscriber._meta.db_table} line ON line.subscriber_no = s.subscriber_no
    WHERE (c.subscriber_id, c.purpose, c.channel) = (line.id, s.purpose, s.channel)
      AND c.recorded_by_id IS NOT NULL AND c.at < s.at
"""


def remember_consents(cursor: CursorWrapper, now: datetime) -> None:
    """Before the load: what the centre has recorded stands, and what stands of the consents that are staged."""
    cursor.execute(_KEEP_RECORDED)
    cursor.execute(_HAND_OVER)
    if has_listeners(CONSENT_CHANGED):
        _BEFORE.create(cursor)
        cursor.execute(f"INSERT INTO {_BEFORE} SELECT c.id, c.granted FROM {_OF_STAGED}")


def publish_consent_changes(cursor: CursorWrapper, now: datetime) -> None:
    """After the load: publish `consent.changed` for the consents whose value has changed."""
    if _BEFORE.exists(cursor) and has_listeners(CONSENT_CHANGED):
        publish_query(event=CONSENT_CHANGED, query=_CHANGED, params={}, now=now)


consent = Fields(Consent)

CONSENTS = Resource(
    "consents",
    Consent,
    _("Consents"),
    key=("subscriber_no", "purpose", "channel"),
    fields=(
        consent.subscriber(),
        consent.choice("purpose"),
        consent.choice("channel"),
        consent.flag("granted"),
        consent.instant("at", past=True),
        consent.text("source"),
        consent.text("proof", ""),
    ),
    before=remember_consents,
    after=publish_consent_changes,
)
