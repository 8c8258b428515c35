"""Giving orders out, taking them back, cancelling; and who sees which order."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from customers.contacts.models import ContactRecord
from customers.grants.models import CustomerGrant
from customers.page360.services import reveal_limit
from retention.core import clock
from retention.core.errors import Invalid, NotFound, Refused
from tests.factories import NOW, TODAY, make_branch, make_team, make_user
from tests.workorders.rows import DAY, make_floor, make_hit, make_line, make_orders, open_orders
from workorders.console.queries import order_pane
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.states import MOVES, State
from workorders.supervision.services import cancel, reassign, take_back

pytestmark = pytest.mark.django_db


def numbers(orders) -> list[str]:
    return [order.order_no for order in orders]


def test_orders_are_given_to_an_agent_at_once(floor, boss):
    team, (_ana, ben) = floor
    orders = make_orders(3, team=team)
    result = reassign(order_nos=numbers(orders), agent=ben, actor=boss, now=NOW)
    assert (result.moved, result.skipped) == (3, [])
    assert set(WorkOrder.objects.values_list("state", "assignee", "lease_until")) == {(State.ASSIGNED, ben.pk, None)}
    assert set(CustomerGrant.objects.values_list("user", "team")) == {(ben.pk, team.pk)}


def test_an_order_on_its_agents_desk_stays_there_when_given_to_him_again(floor, boss):
    team, (ana, _ben) = floor
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    result = reassign(order_nos=[order.order_no], agent=ana, actor=boss, now=NOW)
    assert result.skipped == [order.order_no]
    order.refresh_from_db()
    assert order.lease_until is not None


def test_an_order_of_another_group_comes_into_the_new_agents_group(boss):
    first, (ana,) = make_floor()
    second, (ben,) = make_floor()
    boss.teams.set([first, second])
    (order,) = make_orders(1, team=first)
    reassign(order_nos=[order.order_no], agent=ben, actor=boss, now=NOW)
    order.refresh_from_db()
    assert order.team == second


def test_orders_are_given_to_another_groups_queue(floor, boss):
    team, (ana, _ben) = floor
    other = make_team(branch=make_branch())
    boss.teams.add(other)
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    reassign(order_nos=[order.order_no], team=other, actor=boss, now=NOW)
    order.refresh_from_db()
    assert (order.state, order.team, order.assignee, order.lease_until) == (State.QUEUED, other, None, None)
    assert CustomerGrant.objects.get().user is None


def test_the_trail_names_the_group_it_went_to(floor, boss):
    other = make_team(branch=make_branch(), name="Harbour retention", name_zh="港城维系组")
    boss.teams.add(other)
    (order,) = make_orders(1, team=floor[0])
    reassign(order_nos=[order.order_no], team=other, actor=boss, now=NOW)
    order.refresh_from_db()
    with translation.override("en"):
        assert "to group Harbour retention" in [item.text for item in order_pane(order, [])["trail"]]
    with translation.override("zh-hans"):
        texts = " ".join(item.text for item in order_pane(order, [])["trail"])
    assert "港城维系组" in texts
    assert other.code not in texts


def test_an_order_taken_back_is_in_the_queue_again(floor, boss):
    team, (ana, _ben) = floor
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    assert take_back(order_nos=[order.order_no], actor=boss, now=NOW).moved == 1
    order.refresh_from_db()
    assert (order.state, order.assignee) == (State.QUEUED, None)


def test_an_appointment_that_is_taken_back_stays_a_promise(floor, boss):
    team, (ana, ben) = floor
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    at = NOW + DAY
    record_outcome(order_no=order.order_no, agent=ana, disposition="callback", appointment_at=at, version=None, now=NOW)
    take_back(order_nos=[order.order_no], actor=boss, now=NOW)
    assert claim_next(agent=ben, now=NOW) is None
    assert claim_next(agent=ben, now=at) == order


def test_cancelling_needs_a_reason_and_gives_the_contact_budget_back(floor, boss):
    (order,) = make_orders(1, team=floor[0])
    with pytest.raises(Invalid):
        cancel(order_nos=[order.order_no], actor=boss, reason=" ", now=NOW)
    cancel(order_nos=[order.order_no], actor=boss, reason="Customer called us", now=NOW)
    order.refresh_from_db()
    assert (order.state, order.closed_by, order.disposition) == (State.CANCELLED, boss, None)
    assert ContactRecord.objects.get().state == ContactRecord.State.RELEASED
    assert not CustomerGrant.objects.exists()


def test_a_customer_whose_order_was_cancelled_may_get_another(floor, boss):
    line = make_line(branch=floor[0].branch)
    (order,) = open_orders(make_hit(subscriber=line))
    cancel(order_nos=[order.order_no], actor=boss, reason="Wrong list", now=NOW)
    from tests.workorders.rows import make_scenario
    from workorders.orders.services.scenario_opening import open_from_hits

    make_hit(subscriber=line, scenario=make_scenario())
    assert open_from_hits(as_of=TODAY, now=NOW).opened == 1


def test_closed_orders_are_skipped_by_every_move_of_a_supervisor(floor, boss):
    team, (ana, ben) = floor
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=NOW)
    deeds = [
        reassign(order_nos=[order.order_no], agent=ben, actor=boss, now=NOW),
        reassign(order_nos=[order.order_no], team=team, actor=boss, now=NOW),
        take_back(order_nos=[order.order_no], actor=boss, now=NOW),
        cancel(order_nos=[order.order_no], actor=boss, reason="late", now=NOW),
    ]
    assert [deed.skipped for deed in deeds] == [[order.order_no]] * 4


def test_every_illegal_move_leaves_the_order_as_it_is(floor, boss):
    """Each move of the table against each state it does not start from, on real rows."""
    from workorders.orders.services.transitions import Pick, move

    team, (ana, ben) = floor
    rows = dict(zip(State, make_orders(len(State), team=team), strict=True))
    put_into_states(rows, ana, ben, boss)
    for name, step in MOVES.items():
        actor = {"": None, "work.do": ana, "work.supervise": boss}[step.permission]
        for state, order in rows.items():
            if state in step.sources:
                continue
            before = WorkOrder.objects.filter(pk=order.pk).values().get()
            assert before["state"] == state
            assert move(name=name, pick=Pick.of([order.pk]), actor=actor, now=NOW) == []
            assert WorkOrder.objects.filter(pk=order.pk).values().get() == before


def put_into_states(rows, ana, ben, boss) -> None:
    from workorders.orders.services.outcomes import start

    ready = [rows[state].order_no for state in rows if state not in {State.QUEUED, State.CANCELLED}]
    reassign(order_nos=ready, agent=ana, actor=boss, now=NOW)
    start(order_no=rows[State.IN_PROGRESS].order_no, agent=ana, version=None, now=NOW)
    save = {"agent": ana, "version": None, "now": NOW}
    record_outcome(order_no=rows[State.WAITING].order_no, disposition="callback", appointment_at=NOW + DAY, **save)
    record_outcome(order_no=rows[State.DONE].order_no, disposition="retained", **save)
    cancel(order_nos=[rows[State.CANCELLED].order_no], actor=boss, reason="test", now=NOW)


def test_orders_outside_the_supervisors_groups_are_skipped_as_if_unknown(boss):
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team)
    assert take_back(order_nos=[order.order_no], actor=boss, now=NOW).skipped == [order.order_no]
    assert cancel(order_nos=[order.order_no], actor=boss, reason="x", now=NOW).moved == 0
    order.refresh_from_db()
    assert order.state == State.QUEUED
    assert ContactRecord.objects.get().state == ContactRecord.State.RESERVED


def test_agents_and_groups_of_others_do_not_exist(floor, boss):
    (order,) = make_orders(1, team=floor[0])
    stranger_team, (stranger,) = make_floor()
    with pytest.raises(NotFound):
        reassign(order_nos=[order.order_no], agent=stranger, actor=boss, now=NOW)
    with pytest.raises(NotFound):
        reassign(order_nos=[order.order_no], team=stranger_team, actor=boss, now=NOW)
    with pytest.raises(Invalid):
        reassign(order_nos=[order.order_no], actor=boss, now=NOW)


def test_agents_may_not_supervise(floor):
    team, (ana, _ben) = floor
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    with pytest.raises(Refused):
        take_back(order_nos=[order.order_no], actor=ana, now=NOW)


def test_who_sees_an_order(branches):
    team = make_team(branch=branches.city)
    (order,) = make_orders(1, team=team)

    def sees(user) -> bool:
        return WorkOrder.objects.visible_to(user).filter(pk=order.pk).exists()

    agent = make_user(role="agent", branch=branches.city, teams=(team,))
    seeing = {
        "agent before the claim": sees(agent),
        "agent of the claim": bool(claim_next(agent=agent, now=NOW)) and sees(agent),
        "another agent of the group": sees(make_user(role="agent", branch=branches.city, teams=(team,))),
        "supervisor": sees(make_user(role="supervisor", branch=branches.city, teams=(team,))),
        "another supervisor": sees(make_user(role="supervisor", branch=branches.city)),
        "manager above": sees(make_user(role="manager", branch=branches.province)),
        "manager elsewhere": sees(make_user(role="manager", branch=branches.other)),
        "administrator": sees(make_user(role="administrator")),
    }
    assert [who for who, can in seeing.items() if can] == [
        "agent of the claim", "supervisor", "manager above", "administrator",
    ]  # fmt: skip
    record_outcome(order_no=order.order_no, agent=agent, disposition="retained", version=None, now=NOW)
    assert not sees(agent)


def test_a_supervisor_lets_his_own_people_see_more_numbers_today(client, floor, boss):
    _team, (ana, _ben) = floor
    client.force_login(boss)
    address = reverse("workorders:raise-numbers")
    with clock.freeze(NOW):
        assert address in client.get(reverse("workorders:supervise")).text
        assert client.post(address, {"agent": ana.username}).status_code == 302
        stranger = make_floor()[1][0]
        assert client.post(address, {"agent": stranger.username}).status_code == 404
        assert client.post(address, {"agent": boss.username}).status_code == 404
    assert (reveal_limit(ana, now=NOW), reveal_limit(boss, now=NOW)) == (60, 30)


def test_closed_orders_keep_their_agent_in_list_filter_and_file(client, floor, boss):
    team, (ana, ben) = floor
    make_orders(2, team=team)
    done = claim_next(agent=ana, now=NOW)
    record_outcome(order_no=done.order_no, agent=ana, disposition="refused", version=None, now=NOW)
    held = claim_next(agent=ben, now=NOW)
    client.force_login(boss)
    with clock.freeze(NOW):
        for agent, order in ((ana, done), (ben, held)):
            query = f"?state=any&agent={agent.username}"
            page = client.get(reverse("workorders:supervise") + query)
            (row,) = page.context["table"].paginated_rows
            assert (row.record.order_no, row.get_cell("agent")) == (order.order_no, agent.display_name)
            by_agent = client.get(reverse("workorders:supervise") + f"{query}&sort=agent")
            assert len(by_agent.context["table"].paginated_rows) == 1
        nobody = client.get(reverse("workorders:supervise") + "?state=any&agent=nobody")
        assert len(nobody.context["table"].paginated_rows) == 0


def test_orders_that_could_not_be_moved_are_told_as_links(client, floor, boss):
    (order,) = make_orders(1, team=floor[0])
    cancel(order_nos=[order.order_no], actor=boss, reason="x", now=NOW)
    client.force_login(boss)
    page = client.post(reverse("workorders:bulk"), {"action": "take_back", "row": order.order_no}, follow=True)
    address = reverse("workorders:order", args=[order.order_no])
    assert f'href="{address}">{order.order_no}</a>' in " ".join(str(one) for one in page.context["messages"])


def test_orders_whose_contact_does_not_pay_are_marked_and_filtered(client, floor, boss):
    team, _agents = floor
    rich, poor, unknown = make_orders(3, team=team)
    WorkOrder.objects.filter(pk=poor.pk).update(expected_gain=Decimal("-4.50"))
    WorkOrder.objects.filter(pk=unknown.pk).update(expected_gain=None)
    client.force_login(boss)
    with clock.freeze(NOW):
        for gain, order in (("pays", rich), ("costs", poor), ("unknown", unknown)):
            page = client.get(reverse("workorders:supervise") + f"?gain={gain}")
            (row,) = page.context["table"].paginated_rows
            assert row.record.order_no == order.order_no
            assert ("A contact does not pay" in row.get_cell("expected_gain")) == (order == poor)
            facts = client.get(reverse("workorders:order", args=[order.order_no])).text
            assert ("A contact does not pay" in facts) == (order == poor)
