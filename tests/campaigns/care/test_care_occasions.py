"""For whom each occasion is due, and on which night."""

from datetime import date

import pytest

from campaigns.care.defaults import KINDS
from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.services.events import react_to_events
from tests.campaigns.care.rows import CONTACT_ON, DAY, earn, hold, install_only, line_of, occasion_of, pay, run
from tests.factories import NOW, TODAY, make_event, make_ticket

pytestmark = pytest.mark.django_db


def test_a_birthday_is_due_on_its_day_every_year_and_not_without_a_birth_date():
    install_only("birthday")
    born = line_of(born=date(1980, CONTACT_ON.month, CONTACT_ON.day))
    line_of(born=date(1980, TODAY.month, TODAY.day))
    line_of(born=None)
    assert run() == [("birthday", born.pk)]
    assert occasion_of(born) == {"kind": "birthday", "on": "2026-11-21"}


def test_a_gift_is_for_gold_and_diamond_cards_and_three_days_before():
    install_only("birthday-gift")
    in_three_days = date(1980, 11, 24)
    gold = line_of(born=in_three_days, customer_tier="gold")
    line_of(born=in_three_days, customer_tier="silver")
    line_of(born=date(1980, 11, 21), customer_tier="gold")
    assert run() == [("birthday-gift", gold.pk)]
    assert ScenarioHit.objects.get().state == ScenarioHit.State.PENDING


@pytest.mark.parametrize(("night", "found"), [(date(2027, 2, 27), 2), (date(2028, 2, 27), 1), (date(2028, 2, 28), 1)])
def test_who_was_born_on_a_leap_day_is_wished_well_every_year(night, found):
    install_only("birthday")
    line_of(born=date(1980, 2, 28), as_of=night)
    line_of(born=date(1980, 2, 29), as_of=night)
    assert len(run(night)) == found


@pytest.mark.parametrize(
    ("night", "name"),
    [
        (date(2026, 9, 24), "Mid-Autumn Festival"),
        (date(2027, 9, 14), "Mid-Autumn Festival"),
        (date(2027, 2, 5), "Spring Festival"),
        (date(2027, 9, 24), ""),
    ],
)
def test_a_festival_moves_with_the_moon(night, name):
    install_only("festival")
    line = line_of(as_of=night)
    line_of(as_of=night, arpu=20)
    assert run(night) == ([("festival", line.pk)] if name else [])
    if name:
        assert occasion_of(line)["name"] == name
    assert ScenarioRun.objects.get(scenario__code="S21-festival").held_because == ""


def test_a_plain_day_of_the_year_is_due_on_its_day():
    install_only("health")
    line = line_of(customer_tier="silver", as_of=date(2027, 4, 6))
    assert run(date(2027, 4, 6)) == [("health", line.pk)]


def test_points_are_first_changed_lost_or_expiring():
    install_only("first-points", "points-change", "points-loss", "points-expiry")
    new, old, lost, ending, poor = (line_of(customer_tier="gold", points=70) for _ in range(5))
    earn(new, 30)
    for line in (old, lost):
        earn(line, 100, at=NOW - 90 * DAY)
    earn(old, -40, reason="redeemed")
    earn(lost, -100, reason="expired")
    earn(ending, 200, at=NOW - 700 * DAY, expires_on=CONTACT_ON + 30 * DAY)
    earn(poor, 200, at=NOW - 700 * DAY, expires_on=CONTACT_ON + 31 * DAY)
    assert run() == [
        ("first-points", new.pk), ("points-change", old.pk), ("points-expiry", ending.pk), ("points-loss", lost.pk)
    ]  # fmt: skip
    assert [occasion_of(line)["points"] for line in (new, old, ending, lost)] == [30, -40, 70, 100]
    assert occasion_of(ending)["on"] == "2026-12-21"


def test_a_payment_of_the_day_is_told_once_a_customer_with_its_sum():
    install_only("payment")
    line, other = line_of(), line_of()
    pay(line, 50)
    pay(line, 30)
    pay(other, 20, at=NOW - DAY)
    assert run() == [("payment", line.pk)]
    assert occasion_of(line) == {"kind": "payment", "on": "2026-11-20", "amount": 80.0}


def test_a_balance_that_fell_below_the_limit_is_told_and_rests_for_a_week():
    install_only("balance")
    fell, same, rich = (line_of(pay_mode="prepaid", balance=money) for money in (12, 12, 200))
    for line, yesterday, today in ((fell, 20, 12), (same, 12, 12), (rich, 300, 200)):
        hold(line, yesterday, day=TODAY - DAY)
        hold(line, today)
    assert run() == [("balance", fell.pk)]
    assert occasion_of(fell)["balance"] == 12.0
    assert Scenario.objects.get(code="S21-balance").needs == ["balances"]


def test_a_complaint_is_followed_by_a_call_three_days_after_its_end():
    install_only("after-complaint")
    line, open_one, fault = line_of(), line_of(), line_of()
    closed_at = NOW - 2 * DAY
    make_ticket(subscriber=line.subscriber, closed_at=closed_at)
    make_ticket(subscriber=line.subscriber, closed_at=closed_at)
    make_ticket(subscriber=open_one.subscriber)
    make_ticket(subscriber=fault.subscriber, closed_at=closed_at, kind="fault")
    assert run() == [("after-complaint", line.pk)]


EVENT_KINDS = [(row["code"], kind) for row in KINDS for kind in row.get("event_kinds", [])]


@pytest.mark.parametrize(("code", "kind"), EVENT_KINDS)
def test_each_kind_on_an_event_acts_when_it_comes(code, kind):
    install_only(code.removeprefix("S21-"))
    line = line_of()
    make_event(subscriber=line.subscriber, kind=kind)
    assert react_to_events(now=NOW)["hit"] == 1
    assert react_to_events(now=NOW)["hit"] == 0
    hit = ScenarioHit.objects.get()
    assert (hit.scenario.code, hit.subscriber_id, hit.evidence["event"]) == (code, line.pk, kind)


def test_a_night_run_twice_adds_nothing():
    install_only("birthday", "payment")
    line = line_of(born=date(1980, 11, 21))
    pay(line, 50)
    first = run()
    kept = list(ScenarioHit.objects.values()), list(ScenarioRun.objects.values())
    assert len(first) == 2
    assert run() == first
    Scenario.objects.update(version=2)
    assert run() == first
    assert list(ScenarioHit.objects.values()) == kept[0]
