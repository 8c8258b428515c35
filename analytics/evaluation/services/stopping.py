"""The stop rule: a running campaign whose treated leave more than its control is paused."""

from datetime import date, datetime

from analytics.evaluation.rules.verdicts import Verdict
from analytics.evaluation.services.results import standing_of
from analytics.evaluation.text.results import format_result
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.services.execution import pause


def pause_harmful(*, as_of: date, now: datetime) -> int:
    """Pause each running campaign that is shown to drive people away by the facts up to `as_of`: by the bounds of its
    page, which hold at every look. Who decides for it is told why. Returns how many. One that somebody resumes is
    paused again the next night while the facts still say so."""
    paused = 0
    for campaign in Campaign.objects.running().order_by("pk"):
        standing = standing_of(campaign=campaign, user=None, known=as_of)
        if standing.headline.verdict == Verdict.HARMS:
            why = format_result(standing.headline, is_over=standing.is_over, ends_on=standing.ends_on)
            pause(actor=None, code=campaign.code, reason=why, now=now)
            paused += 1
    return paused
