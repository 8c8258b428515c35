"""Warnings, breaches and escalation: to whom, once each, and the alert of the group."""

from datetime import timedelta

import pytest
from django.utils import translation

from retention.core.alerts.models import Alert
from retention.core.notices.models import Notice
from tests.factories import NOW, make_branch, make_user
from tests.workorders.clocks.rows import give_clocks
from tests.workorders.rows import HOUR, MINUTE, make_orders
from workorders.clocks.models import OrderClock
from workorders.clocks.services import telling
from workorders.clocks.services.telling import Told, tell
from workorders.orders.services.claiming import claim_next

pytestmark = pytest.mark.django_db

CLOSE = {"kind": "close", "minutes": 100, "calendar": "elapsed", "escalate_minutes": 30}
WARN, DUE, ESCALATE = NOW + 80 * MINUTE, NOW + 100 * MINUTE, NOW + 130 * MINUTE
MOMENT = timedelta(seconds=1)


@pytest.fixture
def mia(floor):
    """The manager of the branch."""
    return make_user(role="manager", branch=floor[0].branch)


@pytest.fixture
def orders(floor, boss, mia):
    give_clocks(CLOSE)
    return make_orders(2, team=floor[0])


def told():
    return [(one.person, one.message, one.params["count"]) for one in Notice.objects.order_by("pk")]


def test_the_warning_goes_to_the_agent_and_of_the_queue_to_the_supervisor(orders, floor, boss):
    agent = floor[1][0]
    claim_next(agent=agent, now=NOW)
    assert tell(now=WARN - MOMENT) == Told()
    assert tell(now=WARN) == Told(warned=2)
    assert told() == [(agent, "clock.warned", 1), (boss, "clock.warned", 1)]
    assert {one.where for one in Notice.objects.all()} == {f"/work/orders/{one.order_no}/" for one in orders}
    assert tell(now=WARN) == Told() and len(told()) == 2


def test_a_breach_goes_to_the_supervisor_and_after_a_while_to_the_manager(orders, boss, mia):
    tell(now=WARN)
    Notice.objects.all().delete()
    assert tell(now=DUE) == Told()
    assert tell(now=DUE + MOMENT) == Told(breached=2)
    assert told() == [(boss, "clock.breached", 2)]
    assert Notice.objects.get().where == "/supervise/?clock=breached"
    assert tell(now=ESCALATE) == Told() and not Alert.objects.exists()
    assert tell(now=ESCALATE + MOMENT) == Told(escalated=2)
    assert told()[1:] == [(mia, "clock.escalated", 2)]
    alert = Alert.objects.open().get()
    assert (alert.kind, alert.subject, alert.value) == ("clocks.breached", orders[0].team.code, 2)
    assert tell(now=ESCALATE + HOUR) == Told() and len(told()) == 2  # the alert itself tells nobody again


def test_the_alert_closes_once_the_orders_are_closed(orders, floor):
    tell(now=ESCALATE + HOUR)
    OrderClock.objects.update(met_at=ESCALATE + HOUR)
    tell(now=ESCALATE + 2 * HOUR)
    assert not Alert.objects.open().exists() and Alert.objects.count() == 1


def test_a_worker_that_was_away_warns_of_nothing_that_is_over(orders, boss, mia):
    assert tell(now=ESCALATE + HOUR) == Told(breached=2, escalated=2)
    assert told() == [(boss, "clock.breached", 2), (mia, "clock.escalated", 2)]
    assert not OrderClock.objects.filter(warned_at=None).exists()


def test_without_a_supervisor_the_managers_and_without_those_the_administrators(orders, floor, boss, mia):
    boss.teams.clear()
    tell(now=DUE + MOMENT)
    assert told() == [(mia, "clock.breached", 2)]
    OrderClock.objects.update(breached_at=None)
    Notice.objects.all().delete()
    mia.branch = make_branch()
    mia.save()
    root = make_user(role="administrator")
    tell(now=DUE + MOMENT)
    assert told() == [(root, "clock.breached", 2)]


def test_a_run_that_dies_has_told_nobody_and_noted_nothing(orders, monkeypatch):
    monkeypatch.setattr(telling, "notify", lambda **given: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(RuntimeError):
        tell(now=WARN)
    monkeypatch.undo()
    assert tell(now=WARN) == Told(warned=2)


def test_batches_tell_all(orders, boss, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 1)
    monkeypatch.setattr(telling, "_NOTE", telling._NOTE.replace("LIMIT 1000", "LIMIT 1"))
    assert tell(now=WARN) == Told(warned=2)
    assert told() == [(boss, "clock.warned", 1)] * 2


def test_the_sentences_in_both_languages(orders, boss):
    tell(now=WARN)
    notice = Notice.objects.get()
    assert notice.text.startswith("2 orders are soon over time: W")
    with translation.override("zh-hans"):
        assert "2" in notice.text and "即将超时" in notice.text
