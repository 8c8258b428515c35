"""Which night the state of now is of, and what it waits for."""

from dataclasses import dataclass
from datetime import date, timedelta

from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.jobs.models import Job, JobStep

# The facts of a held night are not waited for longer: what it owes is made up from those that there are.
FACTS_AWAITED_DAYS = 14


def newer_night(as_of: date) -> date | None:
    """The date of the state of now, which is that of the profile, where it is after `as_of`.

    A night that found nobody left no state, and a profile of a day that is not over is not that of now.
    """
    profiled = SubscriberProfile.objects.newest_date(until=clock.yesterday())
    return profiled if profiled and profiled > as_of else None


def awaited_nights(*, before: date) -> list[date]:
    """Held nights before a day, which are done again when their facts come, unless they are held for too long."""
    held = Job.objects.held().filter(business_date__gte=before - timedelta(days=FACTS_AWAITED_DAYS))
    return list(held.filter(business_date__lt=before).values_list("business_date", flat=True))


@dataclass(frozen=True)
class HeldNight:
    """scored_on: the date of the scores that stand, None before the first."""

    job: Job
    scored_on: date | None

    @property
    def lacks_only_a_model(self) -> bool:
        """Whether the facts that scores stand on were there."""
        return "risk" in dict(self.job.reasons)


def last_held_night() -> HeldNight | None:
    """The newest night, where nobody was scored. A feed that is never sent holds scenarios only, and they say so."""
    job = Job.objects.nights().first()
    if job is None or job.state != Job.State.GAPS or "risk" not in job.counts.get("held", {}):
        return None
    scored = JobStep.objects.filter(job__in=Job.objects.nights(), name="score", rows__gt=0)
    on = scored.order_by("-job__business_date").values_list("job__business_date", flat=True).first()
    return HeldNight(job, on)
