"""Members of campaigns, and what is counted of them."""

from datetime import timedelta

from analytics.evaluation.services.results import result_of
from campaigns.campaigns.states import Arm, MemberState
from customers.facts.models import Subscriber
from tests.campaigns.campaigns.rows import make_member
from tests.campaigns.rows import make_line
from tests.factories import TODAY

CONTROL, TREATED = Arm.CONTROL, Arm.TREATED


def joined(campaign, *, arm=TREATED, days_ago=95, left_after=None, ended="voluntary", line=None, **given):
    """A member whose wave began so long ago, that left after so many days."""
    line = line or make_line()
    on = TODAY - timedelta(days=days_ago)
    states = {} if arm == CONTROL else {"state": MemberState.OPENED}
    member = make_member(campaign=campaign, line=line, arm=arm, launched_on=on, **states | given)
    if left_after is not None:
        Subscriber.objects.filter(pk=line.pk).update(
            status="terminated", terminated_on=on + timedelta(days=left_after), termination_reason=ended
        )
    return member


def result(campaign, user, known=TODAY):
    return result_of(campaign=campaign, user=user, known=known)


def counts(found, measure="left"):
    return {
        one.days: tuple((arm.members, arm.events) for arm in (one.comparison.treated, one.comparison.control))
        for one in found.windows
        if one.measure == measure
    }
