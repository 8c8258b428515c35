"""Lists that no night has frozen on their day."""

from datetime import date, timedelta

from retention.core.jobs.models import Job

# A list that is frozen later says little of the month that it is for.
LIST_OWED_DAYS = 7


def list_owed(*, as_of: date) -> date | None:
    """The first of the month, where the night that should have frozen its list was held or did not run, a few days
    ago; not where no night had run before."""
    first = as_of.replace(day=1)
    before = Job.objects.nights().filter(business_date__lt=first)
    last = before.first()
    if as_of.day > LIST_OWED_DAYS or last is None:
        return None
    ran = last.business_date == first - timedelta(days=1) and not Job.objects.held().filter(pk=last.pk).exists()
    return None if ran else first
