"""Members whose contact is to be asked for, and what has become of them: shared by the features that open the orders
and queue the messages."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.rules import REST_DAYS
from campaigns.campaigns.states import MemberState
from campaigns.declarations import CAMPAIGN_LOCK
from campaigns.outreach.models import RefusalReason
from customers.facts.models import Subscriber
from retention.core.db import transaction_locks
from retention.core.db.arrays import array

MEMBERS_PER_CHUNK = 2000
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


def still_runs(*, campaign: Campaign, alone: bool) -> bool:
    """Whether the campaign runs, and no move of it comes before the transaction ends: a stop waits for one chunk.

    alone: neither does another worker open anything of it; what one opens counts against the cap of the other.
    """
    hold = transaction_locks.lock if alone else transaction_locks.lock_shared
    hold(CAMPAIGN_LOCK, campaign.pk)
    return Campaign.objects.running().filter(pk=campaign.pk).exists()


def due_chunk(*, campaign: Campaign, limit: int | None) -> tuple[list[CampaignMember], list[int]]:
    """The next members to be contacted, at most `limit` and a chunk: (those in use, ids of those who have left).

    They are locked; those that another worker has at hand are left to it.
    """
    wanted = MEMBERS_PER_CHUNK if limit is None else min(limit, MEMBERS_PER_CHUNK)
    due = CampaignMember.objects.filter(campaign=campaign).due().select_for_update(no_key=True, skip_locked=True)
    members = list(due[:wanted])
    lines = Subscriber.objects.live().filter(pk__in=[one.subscriber_id for one in members])
    in_use = set(lines.values_list("pk", flat=True))
    gone = [one.pk for one in members if one.subscriber_id not in in_use]
    return [one for one in members if one.subscriber_id in in_use], gone


def opened_today(*, campaign: Campaign, now: datetime) -> int:
    """What counts against the daily cap; 0 for a campaign without one."""
    if not campaign.daily_cap:
        return 0
    return CampaignMember.objects.filter(campaign=campaign, opened_on=timezone.localtime(now).date()).count()


def settle_members(
    *, opened: Mapping[int, str], refused: Mapping[int, str], gone: Collection[int], now: datetime
) -> Counter[str]:
    """opened: {member id: number of its order or message}; refused: {member id: RefusalReason or Obstacle}, of whom
    those that lost to another contact rest; gone: members whose line has left. One statement. Returns how many were
    `opened`, are `resting`, and `refused` or gone."""
    on = timezone.localtime(now).date()
    again_on = on + timedelta(days=REST_DAYS)
    rows: list[tuple[int, str, str, str, date | None, date | None]] = [
        (pk, MemberState.OPENED.value, number, "", on, None) for pk, number in opened.items()
    ]
    resting = {pk for pk, reason in refused.items() if reason in LOST_TO_ANOTHER}
    for pk, reason in refused.items():
        state, again = (MemberState.RESTING, again_on) if pk in resting else (MemberState.REFUSED, None)
        rows.append((pk, state.value, "", reason, None, again))
    rows += [(pk, MemberState.GONE.value, "", "", None, None) for pk in gone]
    if rows:
        names = ("ids", "states", "orders", "reasons", "opened", "again")
        columns = [array(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, dict(zip(names, columns, strict=True)))
    return Counter(opened=len(opened), resting=len(resting), refused=len(refused) - len(resting) + len(gone))
