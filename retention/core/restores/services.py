"""Holding back what would be sent after a restore, and allowing it again."""

from datetime import datetime
from typing import NoReturn

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from retention.core.audit import services as audit
from retention.core.errors import Unavailable
from retention.core.restores.models import KnownCluster
from retention.core.restores.queries import CURRENT, is_restored

log = structlog.get_logger("retention.restores")

_KNOW = f"""
INSERT INTO {KnownCluster._meta.db_table} (id, identity, known_since) VALUES (1, {CURRENT}, %(now)s)
ON CONFLICT (id) DO UPDATE SET identity = EXCLUDED.identity, known_since = EXCLUDED.known_since
"""


def holds_sending(what: str) -> bool:
    """Whether `what` must not be sent now; says so in the log."""
    held = is_restored()
    if held:
        log.warning("not sent: the database was restored and its opt-outs are not applied yet", what=what)
    return held


def refuse_restored() -> NoReturn:
    """Unavailable `restored`: the opt-outs newer than the restored state have not been applied."""
    raise Unavailable(
        _("The database was restored. Nothing is sent until manage.py apply_suppressions has run."), code="restored"
    )


def know_server(*, now: datetime) -> None:
    """Make this server the one on which sending is allowed."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOW, {"now": now})


@transaction.atomic
def allow_sending(*, now: datetime, **detail: object) -> None:
    """End the hold after a restore. detail: what was applied before, for the audit trail."""
    know_server(now=now)
    audit.record(actor=None, action="restore.finish", target=None, **detail)
