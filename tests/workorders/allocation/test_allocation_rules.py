"""Rules choose the group of a new order and for whom it is reserved; "next" keeps to it, and nothing starves."""

import pytest

from customers.facts.models import Attribute, CustomField
from retention.core.accounts.services.staff import save_staff
from tests.factories import NOW, make_branch, make_customer, make_team, make_user
from tests.workorders.allocation.rows import give_skills, make_owner, make_rule, make_skill
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_hit, make_line, make_orders, open_orders
from workorders.allocation.models import AgentTerms
from workorders.allocation.services import agents as agent_services
from workorders.orders.explanations import why_nothing, why_this_order
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.queries import count_reserved_by_rule
from workorders.orders.services.claiming import claim_next, release_expired_leases

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor(2)


@pytest.fixture
def ana(floor):
    return floor[1][0]


@pytest.fixture
def ben(floor):
    return floor[1][1]


def opened(line, **given) -> WorkOrder:
    return open_orders(make_hit(subscriber=line, **given))[0]


def test_without_rules_nothing_is_reserved(floor, ana):
    (order,) = make_orders(1, team=floor[0])
    assert (order.rule, order.reserved_for, order.reserved_until) == (None, None, None)
    assert claim_next(agent=ana, now=NOW) == order


def test_the_first_rule_of_the_nearest_branch_decides_the_group():
    city = make_branch()
    town = make_branch(parent=city)
    city_team, first, second = make_team(branch=city), make_team(branch=city), make_team(branch=city)
    of_city = make_rule(branch=city, position=1, team=first)
    assert opened(make_line(branch=town)).team == first
    of_town = make_rule(branch=town, position=9, team=second)
    order = opened(make_line(branch=town))
    assert (order.team, order.rule) == (second, of_town)
    of_town.active = of_city.active = False
    of_town.save()
    of_city.save()
    assert opened(make_line(branch=town)).team in (city_team, first, second)


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ({"spend_from": 100}, {"arpu": 120}, {"arpu": 99}),
        ({"spend_below": 100}, {"arpu": 99}, {"arpu": 100}),
        ({"language": "yue"}, {"language": "YUE"}, {"language": "en"}),
        ({"order_type": "churn_retention"}, {}, None),
        ({"order_type": "visit"}, None, {}),
        ({"origin": "scenario"}, {}, None),
        ({"origin": "campaign"}, None, {}),
        ({"ownership": "unowned"}, {}, None),
        ({"ownership": "owned"}, None, {}),
    ],
)
def test_a_condition_decides_for_which_orders_a_rule_holds(condition, holds, fails):
    branch = make_branch()
    make_team(branch=branch)
    rule = make_rule(branch=branch, **condition)
    for facts, expected in ((holds, rule), (fails, None)):
        if facts is not None:
            line = make_line(branch=branch, customer=make_customer(branch=branch, language=facts.get("language", "")))
            line.profile.arpu = facts.get("arpu", 80)
            line.profile.save()
            assert opened(line).rule == expected


def test_an_own_field_is_a_condition():
    branch, field = make_branch(), CustomField.objects.create(key="segment", name="Segment", kind="text")
    rule = make_rule(branch=branch, own_field="segment", own_value="gold")
    gold, plain = make_line(branch=branch), make_line(branch=branch)
    Attribute.objects.create(subscriber=gold, field=field, value="gold")
    assert (opened(gold).rule, opened(plain).rule) == (rule, None)


def test_only_who_has_the_skill_gets_the_order_and_the_others_the_next_one(floor, ana, ben):
    skill = make_skill()
    make_rule(branch=floor[0].branch, skill=skill, spend_from=100)
    give_skills(ben, skill)
    hard = make_orders(1, team=floor[0])[0]
    easy_line = make_line(branch=floor[0].branch)
    easy_line.profile.arpu = 10
    easy_line.profile.save()
    easy = opened(easy_line, gain=1)
    assert claim_next(agent=ana, now=NOW) == easy
    assert claim_next(agent=ben, now=NOW) == hard
    assert "Rule" in " ".join(why_this_order(WorkOrder.objects.select_related("rule", "team").get(pk=hard.pk)))


def test_a_language_and_named_agents_are_required_together(floor, ana, ben):
    yue = make_skill("yue", kind="language")
    make_rule(branch=floor[0].branch, speaks=yue, agents=(ana,))
    give_skills(ben, yue)
    make_orders(1, team=floor[0])
    assert claim_next(agent=ben, now=NOW) is None
    assert claim_next(agent=ana, now=NOW) is None
    give_skills(ana, yue)
    assert claim_next(agent=ana, now=NOW) is not None


def test_after_its_minutes_a_reserved_order_is_open_to_the_group(floor, ana):
    make_rule(branch=floor[0].branch, skill=make_skill(), minutes=60)
    (order,) = make_orders(1, team=floor[0])
    assert order.reserved_until == NOW + HOUR
    assert count_reserved_by_rule() == {order.rule_id: 1}
    release_expired_leases(now=NOW + 59 * MINUTE)
    assert claim_next(agent=ana, now=NOW + 59 * MINUTE) is None
    release_expired_leases(now=NOW + HOUR)
    assert count_reserved_by_rule() == {}
    assert claim_next(agent=ana, now=NOW + HOUR) == order
    assert Transition.objects.get(order=order, version=2).move == "widen"
    assert any("reserved for took it in time" in one for one in why_this_order(claimed(order)))


def claimed(order) -> WorkOrder:
    return WorkOrder.objects.for_call().get(pk=order.pk)


def test_the_time_runs_anew_for_an_order_that_waits_for_a_day(floor):
    make_rule(branch=floor[0].branch, skill=make_skill(), minutes=60)
    (order,) = make_orders(1, team=floor[0])
    WorkOrder.objects.update(not_before=NOW + DAY)
    release_expired_leases(now=NOW + DAY)
    order.refresh_from_db()
    assert order.reserved_until is not None
    release_expired_leases(now=NOW + DAY + HOUR)
    order.refresh_from_db()
    assert order.reserved_until is None


def test_a_rule_that_is_switched_off_requires_nothing_any_more(floor, ana):
    rule = make_rule(branch=floor[0].branch, skill=make_skill())
    make_orders(1, team=floor[0])
    assert claim_next(agent=ana, now=NOW) is None
    rule.active = False
    rule.save()
    assert claim_next(agent=ana, now=NOW) is not None


def test_the_owner_of_a_customer_has_the_order_first(floor, ana, ben):
    line = make_line(branch=floor[0].branch)
    make_owner(ben, line)
    make_rule(branch=floor[0].branch, ownership="owned", to_owner=True)
    order = opened(line)
    assert order.reserved_for == ben
    assert claim_next(agent=ana, now=NOW) is None
    assert claim_next(agent=ben, now=NOW) == order


def test_an_owner_who_is_deactivated_leaves_no_order_reserved(floor, ana, ben):
    line = make_line(branch=floor[0].branch)
    make_owner(ben, line)
    make_rule(branch=floor[0].branch, to_owner=True)
    order = opened(line)
    ben.is_active = False
    save_staff(user=ben, actor=make_user(role="administrator"), changed=["is_active"], now=NOW)
    order.refresh_from_db()
    assert (order.reserved_for, order.reserved_until) == (None, None)
    assert claim_next(agent=ana, now=NOW) == order


def test_who_loses_a_skill_keeps_the_order_in_hand(floor, ben):
    skill, boss = make_skill(), make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    make_rule(branch=floor[0].branch, skill=skill)
    give_skills(ben, skill)
    order, other = make_orders(2, team=floor[0])
    assert claim_next(agent=ben, now=NOW) == order
    seen = agent_services.Seen(base={"skills": [skill.code], "daily_cap": None})
    agent_services.change_terms(actor=boss, person=ben, values={"skills": [], "daily_cap": None}, seen=seen)
    order.refresh_from_db()
    assert (order.state, order.assignee) == ("assigned", ben)
    assert claim_next(agent=ben, now=NOW) == order
    WorkOrder.objects.filter(pk=order.pk).update(state="cancelled", assignee=None, lease_until=None, closed_at=NOW)
    assert claim_next(agent=ben, now=NOW) is None
    other.refresh_from_db()
    assert other.state == "queued"


def test_the_cap_of_a_day_stops_the_queue_but_not_what_is_given(floor, ana):
    AgentTerms.objects.create(user=ana, daily_cap=1)
    first, second = make_orders(2, team=floor[0])
    assert claim_next(agent=ana, now=NOW) == first
    WorkOrder.objects.filter(pk=first.pk).update(lease_until=None, state="waiting", appointment_at=NOW + 5 * DAY)
    assert claim_next(agent=ana, now=NOW) is None
    assert why_nothing(ana, now=NOW) == "You have taken 1 of at most 1 orders today."
    WorkOrder.objects.filter(pk=second.pk).update(state="assigned", assignee=ana)
    assert claim_next(agent=ana, now=NOW) == second
    WorkOrder.objects.filter(pk=second.pk).update(state="queued", assignee=None, lease_until=None)
    assert claim_next(agent=ana, now=NOW + DAY) == second


def test_next_says_why_it_gives_nothing(floor, ana):
    assert why_nothing(ana, now=NOW) == "No order is waiting in your groups at the moment."
    make_rule(branch=floor[0].branch, skill=make_skill())
    make_orders(2, team=floor[0])
    assert "2 orders are reserved for other skills" in why_nothing(ana, now=NOW)
    WorkOrder.objects.update(not_before=NOW + HOUR)
    assert "2 orders of your groups wait for a later time." in why_nothing(ana, now=NOW)


def test_the_claim_explains_promise_assignment_and_gain(floor, ana):
    order = make_orders(1, team=floor[0])[0]
    assert why_this_order(claimed(order)) == []
    claim_next(agent=ana, now=NOW)
    said = why_this_order(claimed(order))
    assert said[0].startswith("First of all that you may take in the queue of")
    assert "Priority 3, due" in said[1]
    assert "expected to bring" in said[2]
