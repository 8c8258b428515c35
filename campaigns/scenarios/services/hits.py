"""What came of the hits of a night; called by whoever opens the orders, in the same transaction."""

from collections.abc import Collection, Mapping

from django.db import connection, transaction

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import ScenarioHit

_SETTLE = f"""
UPDATE {ScenarioHit._meta.db_table} h SET state = %(state)s, order_no = s.order_no, reason = s.reason
FROM unnest(%(hits)s::bigint[], %(order_nos)s::text[], %(reasons)s::text[]) AS s(id, order_no, reason)
WHERE h.id = s.id AND h.state = '{ScenarioHit.State.PENDING}'
"""


@transaction.atomic
def settle_hits(
    *,
    opened: Mapping[int, str] | None = None,
    refused: Mapping[int, RefusalReason] | None = None,
    held: Collection[int] = (),
) -> int:
    """Mark pending hits by id: `opened` with their order number (several hits may share one order), `refused` with the
    gate's reason, `held` where no order could be asked for. Hits settled before stay as they are. Returns the rows."""
    opened, refused = dict(opened or {}), dict(refused or {})
    return (
        _settle(ScenarioHit.State.OPENED, list(opened), order_nos=list(opened.values()))
        + _settle(ScenarioHit.State.REFUSED, list(refused), reasons=[str(RefusalReason(r)) for r in refused.values()])
        + _settle(ScenarioHit.State.HELD, list(held))
    )


def _settle(
    state: ScenarioHit.State, hits: list[int], *, order_nos: list[str] | None = None, reasons: list[str] | None = None
) -> int:
    if not hits:
        return 0
    blank = [""] * len(hits)
    with connection.cursor() as cursor:
        params = {"state": state, "hits": hits, "order_nos": order_nos or blank, "reasons": reasons or blank}
        cursor.execute(_SETTLE, params)
        return cursor.rowcount
