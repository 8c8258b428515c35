"""From members of campaigns whose wave is open to messages in the queue; and taking back those that wait."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.queries.audiences import by_risk
from campaigns.campaigns.rules import orders_now
from campaigns.campaigns.services.settling import due_chunk, opened_today, settle_members, still_runs
from campaigns.messages.models import Message, MessageTemplate, Obstacle
from campaigns.messages.services.queueing import MessageRequest, queue_messages
from campaigns.messages.services.withdrawal import withdraw_messages
from campaigns.messages.states import State
from customers.lists.models import ListEntry
from retention.core.audit import services as audit

ORIGIN = "campaign"


@dataclass(frozen=True)
class CampaignMessages:
    """What came of members of running campaigns. opened: messages that wait in the queue now; refused: by the contact
    rules, or without a number or value."""

    opened: int
    resting: int
    refused: int


def message_from_campaigns(*, now: datetime) -> CampaignMessages:
    """Queue the messages of members whose wave is open, the most urgent campaign first. Members of a campaign whose
    template is switched off wait. Settled members are left alone, so it may run again, also beside itself."""
    templates = {one.code: one for one in MessageTemplate.objects.usable()}
    totals: Counter[str] = Counter(opened=0, resting=0, refused=0)
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
    while (done := _queue_chunk(campaign, template, now)) is not None:
        totals.update(done)
    if totals["opened"]:
        audit.record(actor=None, action="campaign.message", target=campaign, template=template.code, **totals)
    return totals


@transaction.atomic
def _queue_chunk(campaign: Campaign, template: MessageTemplate, now: datetime) -> Counter[str] | None:
    """None when nothing is left to be queued now."""
    if not still_runs(campaign=campaign, alone=True):
        return None
    left = orders_now(
        daily_cap=campaign.daily_cap, opened_today=opened_today(campaign=campaign, now=now), by_capacity=False,
        backlog_days=0, work=None,
    )  # fmt: skip
    members, gone = due_chunk(campaign=campaign, limit=left)
    if not members and not gone:
        return None
    requests = _requests(campaign, members)
    answers = queue_messages(requests=requests, template=template, now=now, priority=campaign.priority)
    by_member = dict(zip([one.pk for one in members], answers, strict=True))
    return settle_members(
        opened={pk: one.reference for pk, one in by_member.items() if one.state != State.REFUSED},
        refused={pk: one.reason for pk, one in by_member.items() if one.state == State.REFUSED},
        gone=gone, now=now,
    )  # fmt: skip


def _requests(campaign: Campaign, members: list[CampaignMember]) -> list[MessageRequest]:
    """Each with the offer drawn for it, where the campaign draws them, else the first one."""
    with_risk, until = by_risk(campaign), {"until": campaign.ends_on.isoformat()}
    offers = {one.code: {"offer": one.name, "offer_zh": one.name_zh or one.name} for one in campaign.offers}
    usual = next(iter(offers.values()), {})
    return [
        MessageRequest(
            one.subscriber_id, ORIGIN, campaign.code, until | offers.get(one.offer_code, usual), by_risk=with_risk
        )
        for one in members
    ]  # fmt: skip
