"""Lines of the demo that left are called: outcomes by days since leaving, and a queue of those not called yet."""

from datetime import timedelta

import pytest

from analytics.win_back.queries import count_outcomes
from campaigns.offers.models import Decision
from campaigns.offers.services.installation import install_offers
from retention.portal.services import demo_win_back
from retention.portal.services.demo_win_back import call_leavers
from retention.portal.services.working_days import at_hour
from tests.campaigns.rows import make_leaver
from tests.factories import TODAY, make_user
from tests.workorders.rows import make_floor
from workorders.order_types.models import Disposition
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.origins import OriginKind
from workorders.orders.states import OPEN, State

pytestmark = pytest.mark.django_db
DAY = TODAY + timedelta(days=1)


@pytest.fixture
def left(settings):
    settings.TELEPHONE = "simulated"
    team, _agents = make_floor(5)
    make_user(username="supervisor", role="supervisor", branch=team.branch, teams=(team,))
    install_order_types()
    install_offers(on=TODAY)
    lines = [make_leaver(days_since_left=days) for days in (5, 20, 45, 75, 100, 150) for _line in range(10)]
    for line in lines:
        line.branch = line.subscriber.branch = team.branch
        line.subscriber.save()
        line.save()
    return make_user(username="manager", role="manager", branch=team.branch)


def test_some_are_called_and_the_others_wait_in_the_queue(left):
    worked = call_leavers(day=DAY)
    orders = WorkOrder.objects.all()
    assert orders.count() == 6 * demo_win_back.OF_EACH
    assert set(orders.values_list("origin_kind", "type__code")) == {(OriginKind.WIN_BACK, "win_back")}
    assert all(one.evidence[0]["facts"]["days_since_left"] for one in orders)
    assert orders.filter(disposition__isnull=False).count() == worked
    assert 0.3 < worked / orders.count() < 0.9
    assert orders.filter(state=State.QUEUED, attempts=0).count() == orders.count() - worked


def test_outcomes_are_counted_by_the_days_since_leaving(left):
    call_leavers(day=DAY)
    counts = count_outcomes(user=left, now=at_hour(DAY, 20))
    assert len(counts) > 3
    won = WorkOrder.objects.filter(state=State.DONE, disposition__result=Disposition.Result.ACCEPTED)
    assert sum(won for _orders, won in counts.values()) == won.count()
    assert set(Decision.objects.filter(accepted_at__isnull=False).values_list("order_no", flat=True)) == set(
        won.values_list("order_no", flat=True)
    )


def test_who_has_an_order_or_was_spoken_to_gets_no_second_one(left):
    call_leavers(day=DAY)
    call_leavers(day=DAY + timedelta(days=3))
    opened = WorkOrder.objects.filter(state__in=OPEN).values_list("customer", flat=True)
    assert len(set(opened)) == len(opened)
    reached = WorkOrder.objects.filter(disposition__reached=True).values("customer")
    assert WorkOrder.objects.filter(customer__in=reached).count() == reached.count()
