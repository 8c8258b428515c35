"""Results of the hits of a night; called by the code that opens the orders, in the same transaction."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Func, JSONField, TextField, Value
from django.db.models.functions import Cast

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import ScenarioHit


@transaction.atomic
def settle_hits(
    *,
    opened: Mapping[int, str] | None = None,
    refused: Mapping[int, RefusalReason] | None = None,
    held: Collection[int] = (),
) -> int:
    """Mark pending hits by id: `opened` with their order number (several hits may share one order), `refused` with the
    gate's reason, `held` where no order could be asked for. Hits settled before stay as they are. Returns the rows."""
    reasons = {pk: str(RefusalReason(reason)) for pk, reason in (refused or {}).items()}
    return (
        _settle(opened or {}, state=ScenarioHit.State.OPENED, order_no=_by_hit(opened or {}))
        + _settle(reasons, state=ScenarioHit.State.REFUSED, reason=_by_hit(reasons))
        + _settle(held, state=ScenarioHit.State.HELD)
    )


def clear_hits(*, orders: Mapping[str, int]) -> int:
    """Mark the hits whose order was withdrawn because their rule no longer holds. orders: {number: customer id}."""
    hits = ScenarioHit.objects.no_longer_holding()
    hits = hits.filter(customer__in=set(orders.values()), order_no__in=list(orders))
    return hits.update(state=ScenarioHit.State.CLEARED)


def _settle(hits: Collection[int], **settled: object) -> int:
    if not hits:
        return 0
    pending = ScenarioHit.objects.filter(pk__in=list(hits), state=ScenarioHit.State.PENDING)
    return pending.update(**{"order_no": "", "reason": ""} | settled)


def _by_hit(values: Mapping[int, str]) -> Func:
    """The text of each hit. Looked up in one JSON value: CASE, and so bulk_update, compares every hit with every id."""
    texts = Value({str(pk): text for pk, text in values.items()}, output_field=JSONField())
    return Func(texts, Cast("pk", TextField()), function="jsonb_extract_path_text", output_field=TextField())
