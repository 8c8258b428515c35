"""Launching, waves, pausing and stopping. Orders are opened above (workorders), for the members that are DUE here."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.campaigns.channels import CONTACT_CHANNELS, WAVE_TASKS
from campaigns.campaigns.models import Campaign, Pace
from campaigns.campaigns.queries.drawing import origin_of
from campaigns.campaigns.services.freezing import held_until, release_control
from campaigns.campaigns.services.life import finish_move, lock_for
from campaigns.campaigns.services.notices import tell_deciders
from campaigns.campaigns.states import OUTSTANDING, Arm, MemberState, Move, State
from campaigns.declarations import CAMPAIGN_LOCK, CAMPAIGN_PAUSED
from campaigns.outreach.models import HeldOut
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.db import transaction_locks
from retention.core.errors import Conflict
from retention.core.jobs.services import wake_worker
from retention.core.notices.text import Message


@transaction.atomic
def launch(*, actor: User, code: str, version: int, now: datetime) -> Campaign:
    """Begin: the first wave opens, the others follow by the pace. Conflict before its first day and after its last."""
    campaign = lock_for(Move.LAUNCH, actor=actor, code=code, version=version)
    today = timezone.localtime(now).date()
    if not campaign.starts_on <= today <= campaign.ends_on:
        raise Conflict(_("It runs from its first to its last day only."), code="not_its_days")
    finish_move(campaign, Move.LAUNCH, actor=actor, launched_at=now)
    waves = _open_waves(campaign, today)
    audit.record(actor=actor, action="campaign.launch", target=campaign, waves=waves)
    _follow_up()
    return campaign


@transaction.atomic
def pause(*, actor: User | None, code: str, reason: str, now: datetime) -> Campaign:
    """No further order is opened; those that are open go on. actor: None for a stop rule, of which people are told."""
    campaign = _locked(code) if actor is None else lock_for(Move.PAUSE, actor=actor, code=code)
    if actor is None and campaign.state != State.RUNNING:
        return campaign
    finish_move(campaign, Move.PAUSE, actor=actor, paused_because=reason[:300])
    if actor is None:
        what = Message(CAMPAIGN_PAUSED, {"campaign": campaign.code, "reason": campaign.paused_because})
        tell_deciders(campaign=campaign, what=what, now=now)
    return campaign


@transaction.atomic
def resume(*, actor: User, code: str) -> Campaign:
    campaign = lock_for(Move.RESUME, actor=actor, code=code)
    finish_move(campaign, Move.RESUME, actor=actor, paused_because="")
    _follow_up()
    return campaign


@transaction.atomic
def stop(*, actor: User, code: str, reason: str, now: datetime) -> Campaign:
    """End contacting for good. Orders that nobody has begun are taken back, those in hand go on; it is measured."""
    campaign = lock_for(Move.STOP, actor=actor, code=code)
    _take_back(campaign, now)
    return _end(campaign, Move.STOP, actor=actor, because=reason, now=now)


@transaction.atomic
def finish(*, actor: User, code: str, now: datetime) -> Campaign:
    """End contacting before the last day; open orders go on. By the clock this is done after the last day."""
    campaign = lock_for(Move.FINISH, actor=actor, code=code)
    return _end(campaign, Move.FINISH, actor=actor, because="", now=now)


@transaction.atomic
def evaluate(*, actor: User, code: str) -> Campaign:
    """The measurement is over: the control group is let go."""
    campaign = lock_for(Move.EVALUATE, actor=actor, code=code)
    release_control(campaign)
    return finish_move(campaign, Move.EVALUATE, actor=actor)


def advance_campaigns(*, now: datetime) -> int:
    """What is due by the clock: waves of the day, resting members asked for again, the end after the last day. Each
    campaign is one transaction, so that a killed run goes on with the next one. Returns the waves opened."""
    running = Campaign.objects.running().order_by("priority", "pk").values_list("pk", flat=True)
    return sum(_advance(pk, now) for pk in running)


@transaction.atomic
def _advance(pk: int, now: datetime) -> int:
    campaign = Campaign.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk).running().first()
    if campaign is None:
        return 0
    today = timezone.localtime(now).date()
    if today > campaign.ends_on:
        transaction_locks.lock(CAMPAIGN_LOCK, pk)
        _end(campaign, Move.FINISH, actor=None, because="", now=now)
        return 0
    rested = campaign.members.filter(state=MemberState.RESTING, again_on__lte=today)
    rested.update(state=MemberState.DUE, again_on=None, reason="")
    return _open_waves(campaign, today)


def _open_waves(campaign: Campaign, today: date) -> int:
    """Open the waves that are due: all of them at once, or the next one a day, by capacity once the last one is out.
    Both arms are counted from the day on which their wave was opened."""
    opened = campaign.members.exclude(launched_on=None).aggregate(wave=Max("wave"), on=Max("launched_on"))
    done = opened["wave"] or 0
    if done >= campaign.waves or not _may_open(campaign, opened["on"], today):
        return 0
    last = campaign.waves if campaign.pace == Pace.AT_ONCE else done + 1
    waves = campaign.members.filter(wave__gt=done, wave__lte=last)
    waves.filter(arm=Arm.CONTROL).update(launched_on=today)
    waves.filter(state=MemberState.WAITING).update(launched_on=today, state=MemberState.DUE)
    return last - done


def _may_open(campaign: Campaign, last_on: date | None, today: date) -> bool:
    if campaign.pace == Pace.DAILY:
        return last_on != today
    return campaign.pace == Pace.AT_ONCE or not campaign.members.filter(state=MemberState.DUE).exists()


def _end(campaign: Campaign, move: Move, *, actor: User | None, because: str, now: datetime) -> Campaign:
    campaign.members.filter(state__in=OUTSTANDING).update(state=MemberState.WITHDRAWN, again_on=None)
    today = timezone.localtime(now).date()
    if today < campaign.ends_on:  # the control is left alone for as many days after the real end
        HeldOut.objects.filter(origin=origin_of(campaign)).update(until=today + timedelta(days=campaign.measure_days))
    return finish_move(campaign, move, actor=actor, ended_at=now, ended_because=because[:300], paused_because="")


def _take_back(campaign: Campaign, now: datetime) -> None:
    if take_back := CONTACT_CHANNELS.get(campaign.channel):
        orders = take_back(code=campaign.code, now=now)
        campaign.members.filter(order_no__in=orders).update(state=MemberState.WITHDRAWN)


def _locked(code: str) -> Campaign:
    campaign = Campaign.objects.select_for_update(no_key=True).get(code=code)
    transaction_locks.lock(CAMPAIGN_LOCK, campaign.pk)
    return campaign


def _follow_up() -> None:
    for task in WAVE_TASKS.values():
        wake_worker(task)


def move_held_until(campaign: Campaign) -> int:
    """Hold the control group out until the campaign's end as it is now. Returns how many."""
    return HeldOut.objects.filter(origin=origin_of(campaign)).update(until=held_until(campaign))
