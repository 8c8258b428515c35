"""What has become of the members whose contact was asked for: written by the feature that opens the orders."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import connection

from campaigns.campaigns.models import CampaignMember
from campaigns.campaigns.states import MemberState
from campaigns.outreach.models import RefusalReason

# Another contact came first: the member rests and is asked for again.
LOST_TO_ANOTHER = (RefusalReason.ALREADY_RESERVED, RefusalReason.ORDER_OPEN)
_MEMBERS = CampaignMember._meta.db_table
_SETTLE = f"""
UPDATE {_MEMBERS} m SET state = r.state, order_no = r.order_no, reason = r.reason, opened_on = r.opened_on,
                        again_on = r.again_on
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(orders)s::text[], %(reasons)s::text[],
            %(opened)s::date[], %(again)s::date[]) AS r(id, state, order_no, reason, opened_on, again_on)
WHERE m.id = r.id AND m.state = '{MemberState.DUE}'
"""


def settle_members(
    *,
    opened: Mapping[int, str],
    refused: Mapping[int, str],
    resting: Collection[int],
    gone: Collection[int],
    on: date,
    again_on: date,
) -> None:
    """opened: {member id: number of its order or message}; refused: {member id: RefusalReason or Obstacle}; resting:
    those of `refused` that are asked for again on `again_on`; gone: members whose line has left. One statement."""
    rows: list[tuple[int, str, str, str, date | None, date | None]] = [
        (pk, MemberState.OPENED.value, order_no, "", on, None) for pk, order_no in opened.items()
    ]
    for pk, reason in refused.items():
        rests = pk in resting
        state = MemberState.RESTING if rests else MemberState.REFUSED
        rows.append((pk, state.value, "", reason, None, again_on if rests else None))
    rows += [(pk, MemberState.GONE.value, "", "", None, None) for pk in gone]
    if not rows:
        return
    names = ("ids", "states", "orders", "reasons", "opened", "again")
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, dict(zip(names, columns, strict=True)))
