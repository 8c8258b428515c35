"""Campaigns that are measured become tests of their treatment, by which the planner reckons."""

from datetime import date, datetime, timedelta

from analytics.evaluation.queries.members import VERDICT_DAYS, Followed
from analytics.evaluation.queries.outcomes import accepted_by_window
from analytics.evaluation.services.results import standing_of
from analytics.valuation.models import TreatmentKind
from analytics.valuation.services import record_experiment
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.states import State
from customers.lists.models import ListEntry
from retention.core.errors import Conflict

MEASURED_STATES = (State.MEASURING, State.EVALUATED, State.ARCHIVED)
# How long ago a campaign may have ended. One that cannot be compared is asked for every night.
LOOKED_BACK = timedelta(days=730)


def record_campaign_tests(*, as_of: date, now: datetime) -> int:
    """Record each campaign whose windows are over by the facts up to `as_of`, once. Returns how many.

    Left out: what was not a call, offers of several kinds, arms that may not be compared (no control, not as drawn, too
    few), and campaigns whose test somebody recorded by hand under their code.
    """
    waiting = Campaign.objects.filter(
        state__in=MEASURED_STATES, channel=ListEntry.Channel.CALL, ends_on__gte=as_of - LOOKED_BACK,
        tests_of_treatment=None,
    )  # fmt: skip
    return sum(_record(campaign, as_of, now) for campaign in waiting.order_by("pk"))


def treatment_of(campaign: Campaign) -> TreatmentKind | None:
    """None where offers of several kinds were made: nobody knows which of them kept people."""
    kinds = set(campaign.offers.values_list("kind", flat=True))
    if len(kinds) > 1:
        return None
    return TreatmentKind(kinds.pop()) if kinds else TreatmentKind.CONTACT


def _record(campaign: Campaign, as_of: date, now: datetime) -> bool:
    kind = treatment_of(campaign)
    if kind is None:
        return False
    standing = standing_of(campaign=campaign, user=None, known=as_of)
    found = standing.headline
    if not standing.is_over or standing.ends_on is None or found.estimate is None:
        return False
    accepted = None
    if kind != TreatmentKind.CONTACT:
        accepted = accepted_by_window(Followed.of(campaign, None, as_of))[VERDICT_DAYS][0].events
    try:
        record_experiment(
            actor=None, now=now, kind=kind, as_of=standing.ends_on, source=campaign.code, campaign=campaign,
            treated=found.treated.members, treated_left=found.treated.events, control=found.control.members,
            control_left=found.control.events, accepted=accepted,
        )  # fmt: skip
    except Conflict:
        return False
    return True
