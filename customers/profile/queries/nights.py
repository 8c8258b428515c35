"""Which night the state of now is of."""

from datetime import date

from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.jobs.models import Job


def newer_night(as_of: date) -> date | None:
    """The date of the state of now where that is after `as_of`: of the newest profile or begun night.

    Days that are not over do not count: no night of theirs is the state of now.
    """
    profiled = SubscriberProfile.objects.newest_date(until=clock.yesterday())
    begun = Job.objects.nights().filter(business_date__lte=clock.yesterday()).exclude(started_at=None).first()
    newest = max((day for day in (profiled, begun and begun.business_date) if day), default=as_of)
    return newest if newest > as_of else None
