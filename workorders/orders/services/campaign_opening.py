"""From members of campaigns whose wave is open to orders, as fast as cap and agents allow; and taking them back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from campaigns import outreach
from campaigns.campaigns.models import Campaign, CampaignMember, Pace
from campaigns.campaigns.queries.audiences import by_risk
from campaigns.campaigns.rules import Work, orders_now
from campaigns.campaigns.services.settling import due_chunk, opened_today, settle_members, still_runs
from customers.lists.models import ListEntry
from retention.core.accounts.models import Branch
from retention.core.audit import services as audit
from retention.core.db import transaction_locks
from retention.core.jobs.services import wake_worker
from workorders.declarations import OPENER_SEATS
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.queries import WORKLOAD_DAYS
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest, WhenOpen
from workorders.orders.services.transitions import Pick, move_in_batches
from workorders.orders.states import OPEN, State

TASK = "workorders.orders.tasks.open_campaign_orders"
# Several workers open the orders of one campaign, so many at once, each the orders of a chunk in a transaction.
OPENERS = 3
ORDERS_PER_CHUNK = outreach.LOCKED_EACH
_UNBEGUN = f"""
SELECT o.id, o.state AS before FROM {{orders}} o
WHERE o.state = '{State.QUEUED}' AND o.attempts = 0 AND o.origin_kind = '{OriginKind.CAMPAIGN}'
  AND o.origin_key = %(code)s
ORDER BY o.id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True)
class CampaignOrders:
    """What came of members of running campaigns. refused: without those that rest."""

    opened: int
    resting: int
    refused: int


def open_from_campaigns(*, now: datetime) -> CampaignOrders:
    """Open the orders of members whose wave is open, the most urgent campaign first; of several campaigns that want one
    customer the others' members rest. Settled members are left alone, so it may run again, also beside itself: other
    workers are asked to join."""
    types = {one.code: one for one in OrderType.objects.current()}
    totals: Counter[str] = Counter(opened=0, resting=0, refused=0)
    campaigns = Campaign.objects.running().filter(channel=ListEntry.Channel.CALL).select_related("branch")
    for campaign in campaigns.order_by("priority", "pk"):
        if kind := types.get(campaign.order_type):
            totals.update(_open_campaign(campaign, kind, now))
    return CampaignOrders(**totals)


def _open_campaign(campaign: Campaign, kind: OrderType, now: datetime) -> Counter[str]:
    totals: Counter[str] = Counter()
    while True:
        with transaction.atomic():
            done = _open_chunk(campaign, kind, now)
        if done is None:
            break
        if not totals and not _is_capped(campaign) and sum(done.values()) == ORDERS_PER_CHUNK:
            wake_worker(TASK)
        totals.update(done)
    if totals["opened"]:
        target = f"source:{_origin(campaign).source}"
        audit.record(actor=None, action="order.open", target=target, **totals)
    return totals


def _open_chunk(campaign: Campaign, kind: OrderType, now: datetime) -> Mapping[str, int] | None:
    """None when nothing is left to be opened now, or as many workers as may are at it."""
    if not any(transaction_locks.try_lock(OPENER_SEATS, seat) for seat in range(OPENERS)):
        return None
    if not still_runs(campaign=campaign, alone=_is_capped(campaign)):
        return None
    limit = _limit(campaign, now)
    at_most = ORDERS_PER_CHUNK if limit is None else min(limit, ORDERS_PER_CHUNK)
    members, gone = due_chunk(campaign=campaign, limit=at_most)
    if not members and not gone:
        return None
    with_risk = by_risk(campaign)
    requests = [_request(campaign, kind, member, with_risk) for member in members]
    answers = open_orders(requests=requests, on=timezone.localtime(now).date(), now=now)
    results = dict(zip([member.pk for member in members], answers, strict=True))
    opened = {pk: one.order_no for pk, one in results.items() if one.order_no}
    refused = {pk: one.reason.value for pk, one in results.items() if one.reason and pk not in opened}
    return settle_members(opened=opened, refused=refused, gone=gone, now=now)


def _request(campaign: Campaign, kind: OrderType, member: CampaignMember, with_risk: bool) -> OrderRequest:
    return OrderRequest(
        subscriber_id=member.subscriber_id,
        type=kind,
        origin=_origin(campaign),
        found_on=campaign.frozen_on or campaign.starts_on,
        facts={} if member.arpu is None else {"arpu": str(member.arpu)},
        purpose=campaign.purpose,
        channel=campaign.channel,
        priority=campaign.priority,
        expected_gain=member.expected_gain,
        when_open=WhenOpen.INFORM,
        by_risk=with_risk,
    )


def _origin(campaign: Campaign) -> Origin:
    return Origin(OriginKind.CAMPAIGN, campaign.code)


def _is_capped(campaign: Campaign) -> bool:
    """What is opened now depends on what was opened before."""
    return bool(campaign.daily_cap) or campaign.pace == Pace.CAPACITY


def _limit(campaign: Campaign, now: datetime) -> int | None:
    by_capacity = campaign.pace == Pace.CAPACITY
    return orders_now(
        daily_cap=campaign.daily_cap, opened_today=opened_today(campaign=campaign, now=now), by_capacity=by_capacity,
        backlog_days=campaign.backlog_days, work=_work(campaign, now) if by_capacity else None,
    )  # fmt: skip


def _work(campaign: Campaign, now: datetime) -> Work:
    """Of the agents of the campaign's branch and below."""
    orders = WorkOrder.objects.all()
    if campaign.branch:
        orders = orders.filter(branch__in=Branch.objects.under(campaign.branch).values("pk"))
    closed = orders.filter(state=State.DONE, closed_at__gt=now - timedelta(days=WORKLOAD_DAYS), closed_at__lte=now)
    return Work(orders.filter(state__in=OPEN).count(), closed.count() / WORKLOAD_DAYS)


def take_back_orders(*, code: str, now: datetime) -> list[str]:
    """Withdraw the campaign's orders that nobody has begun; their customers' contact budget is given back."""
    numbers: list[str] = []

    def also(ended: list[WorkOrder]) -> None:
        numbers.extend(order.order_no for order in ended)
        outreach.release_many(order_nos=[order.order_no for order in ended], now=now)

    pick = Pick(_UNBEGUN, {"code": code})
    move_in_batches(name="withdraw", pick=pick, now=now, detail={"reason": "campaign_stopped"}, also=also)
    return numbers
