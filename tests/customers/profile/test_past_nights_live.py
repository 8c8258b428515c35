"""A past night over a base that was loaded with its history has the lines that were alive then, as they were."""

from datetime import date, datetime, timedelta

import pytest
from django.db.models import F, Q
from django.utils import timezone

from analytics.churn.queries import dataset
from customers.facts.models import PastValue, StatusEvent, Subscriber
from customers.profile.models import SubscriberProfile
from customers.profile.queries.point_in_time import changed_since
from customers.profile.services import build_profile
from tests import factories as make
from tests.retention.conftest import operator  # noqa: F401

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 9, 30)


def alive_on(day: date) -> set[int]:
    gone_later = Q(terminated_on=None) | Q(terminated_on__gt=day)
    return set(Subscriber.objects.filter(gone_later, activated_on__lte=day).values_list("pk", flat=True))


@pytest.mark.usefixtures("operator")
def test_lines_that_have_left_since_are_scored():
    assert not PastValue.objects.exists()  # the first load of a history replaces nothing
    left_since = Subscriber.objects.filter(status="terminated", terminated_on__gt=AS_OF, activated_on__lte=AS_OF)
    assert left_since.count() >= 5
    build_profile(as_of=AS_OF)
    assert set(SubscriberProfile.objects.values_list("pk", flat=True)) == alive_on(AS_OF)
    assert not SubscriberProfile.objects.filter(status="terminated").exists()
    scored = {pk for frame in dataset.to_score(as_of=AS_OF) for pk in frame["subscriber_id"]}
    assert set(left_since.filter(account__customer__profiling_opt_out=False).values_list("pk", flat=True)) <= scored


def test_what_ended_before_or_has_no_event_since_leaves_a_night_as_it_is():
    known_by = timezone.make_aware(datetime(2026, 10, 2))
    line = make.make_subscriber(status="terminated", terminated_on=AS_OF)
    assert not changed_since(known_by)
    Subscriber.objects.filter(pk=line.pk).update(terminated_on=F("terminated_on") + timedelta(days=2))
    assert changed_since(known_by)
    Subscriber.objects.filter(pk=line.pk).update(terminated_on=AS_OF)
    event = StatusEvent.objects.create(subscriber=make.make_subscriber(), kind="stop", at=known_by)
    assert changed_since(known_by)
    StatusEvent.objects.filter(pk=event.pk).update(at=known_by - timedelta(seconds=1))
    assert not changed_since(known_by)
