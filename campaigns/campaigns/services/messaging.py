"""From members of campaigns whose wave is open to messages in the queue; and taking back those that wait."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.queries.audiences import by_risk
from campaigns.campaigns.rules import REST_DAYS, orders_now
from campaigns.campaigns.services.settling import LOST_TO_ANOTHER, settle_members
from campaigns.messages.models import Message, MessageTemplate, Obstacle
from campaigns.messages.services.queueing import MessageRequest, Queued, queue_messages
from campaigns.messages.services.withdrawal import withdraw_messages
from campaigns.messages.states import State
from customers.facts.models import Subscriber
from customers.lists.models import ListEntry
from retention.core.audit import services as audit

ORIGIN = "campaign"
MEMBERS_PER_CHUNK = 2000


@dataclass(frozen=True)
class CampaignMessages:
    """What came of members of running campaigns. refused: by the contact rules, or without a number or value."""

    queued: int
    resting: int
    refused: int


def message_from_campaigns(*, now: datetime) -> CampaignMessages:
    """Queue the messages of members whose wave is open, the most urgent campaign first. Members of a campaign whose
    template is switched off wait. Settled members are left alone, so it may run again, also beside itself."""
    templates = {one.code: one for one in MessageTemplate.objects.usable()}
    totals: Counter[str] = Counter(queued=0, resting=0, refused=0)
    for campaign in Campaign.objects.running().exclude(channel=ListEntry.Channel.CALL).order_by("priority", "pk"):
        if template := templates.get(campaign.template):
            totals.update(_message_campaign(campaign, template, now))
    return CampaignMessages(**totals)


def take_back_messages(*, code: str, now: datetime) -> list[str]:
    """Cancel the campaign's messages that wait. Returns the numbers of all that were taken back."""
    withdraw_messages(origin_kind=ORIGIN, origin_key=code, now=now)
    taken = Message.objects.filter(origin_kind=ORIGIN, origin_key=code, state=State.CANCELLED)
    return list(taken.filter(reason=Obstacle.WITHDRAWN).values_list("reference", flat=True))


def _message_campaign(campaign: Campaign, template: MessageTemplate, now: datetime) -> Counter[str]:
    totals: Counter[str] = Counter()
    while done := _queue_chunk(campaign, template, now):
        totals.update(done)
    if totals["queued"]:
        audit.record(actor=None, action="campaign.message", target=campaign, template=template.code, **totals)
    return totals


@transaction.atomic
def _queue_chunk(campaign: Campaign, template: MessageTemplate, now: datetime) -> Counter[str] | None:
    """None when nothing is left to be queued now. The lock on the campaign keeps a stop and a second run out."""
    if not Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk).running().exists():
        return None
    today = timezone.localtime(now).date()
    mine = CampaignMember.objects.filter(campaign=campaign)
    sent_today = mine.filter(opened_on=today).count()
    left = orders_now(
        daily_cap=campaign.daily_cap, opened_today=sent_today, by_capacity=False, backlog_days=0, work=None
    )
    members = list(mine.due()[: MEMBERS_PER_CHUNK if left is None else min(left, MEMBERS_PER_CHUNK)])
    if not members:
        return None
    lines = Subscriber.objects.live().filter(pk__in=[one.subscriber_id for one in members])
    in_use = set(lines.values_list("pk", flat=True))
    asked = [one for one in members if one.subscriber_id in in_use]
    answers = queue_messages(
        requests=_requests(campaign, asked), template=template, now=now, priority=campaign.priority
    )
    gone = [one.pk for one in members if one.subscriber_id not in in_use]
    return _settle(dict(zip([one.pk for one in asked], answers, strict=True)), gone, now)


def _requests(campaign: Campaign, members: list[CampaignMember]) -> list[MessageRequest]:
    offer, with_risk = campaign.offers.first(), by_risk(campaign)
    values = {"until": campaign.ends_on.isoformat()}
    if offer is not None:
        values |= {"offer": offer.name, "offer_zh": offer.name_zh or offer.name}
    return [MessageRequest(one.subscriber_id, ORIGIN, campaign.code, values, by_risk=with_risk) for one in members]


def _settle(answers: dict[int, Queued], gone: list[int], now: datetime) -> Counter[str]:
    queued = {pk: one.reference for pk, one in answers.items() if one.state != State.REFUSED}
    refused = {pk: one.reason for pk, one in answers.items() if one.state == State.REFUSED}
    resting = {pk for pk, reason in refused.items() if reason in LOST_TO_ANOTHER}
    today = timezone.localtime(now).date()
    settle_members(
        opened=queued, refused=refused, resting=resting, gone=gone, on=today,
        again_on=today + timedelta(days=REST_DAYS),
    )  # fmt: skip
    return Counter(queued=len(queued), resting=len(resting), refused=len(refused) - len(resting) + len(gone))
