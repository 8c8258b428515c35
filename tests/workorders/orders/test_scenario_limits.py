"""A scenario's nightly limit counts orders: whom the contact gate refuses is replaced by the next best."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from campaigns.audiences.rules import parse
from campaigns.outreach.queries import LEDGER
from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.queries import dry_run, matching_sql
from campaigns.scenarios.services.nightly import run_scenarios
from customers.contacts.models import ContactRecord
from tests.campaigns.rows import make_line, make_scenario
from tests.factories import NOW, TODAY, make_contact, make_list_entry, make_user
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.scenario_opening import open_from_hits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def types():
    install_order_types()


def lines_of(count: int, best: int = 100) -> list:
    """Lines of as many customers, the most worthwhile first."""
    return [make_line(expected_gain=Decimal(best - place)) for place in range(count)]


def tried(scenario: Scenario):
    return dry_run(scenario=scenario, user=make_user(role="administrator"), now=NOW)


def night():
    run_scenarios(as_of=TODAY, now=NOW)
    return open_from_hits(as_of=TODAY, now=NOW)


def with_orders() -> list[int]:
    return list(WorkOrder.objects.order_by("-expected_gain").values_list("subscriber_id", flat=True))


def test_refused_customers_do_not_use_up_the_limit_and_the_next_best_move_up():
    scenario, lines = make_scenario(daily_cap=10), lines_of(16)
    refused = [lines[place] for place in (0, 3, 4, 9)]
    for line in refused[:2]:
        make_list_entry(customer=line.subscriber.account.customer)
    make_contact(subscriber=refused[2].subscriber, purpose="retention", outcome="connected", at=NOW - timedelta(days=3))
    make_contact(subscriber=refused[3].subscriber, state=ContactRecord.State.RESERVED, order_no="W1")
    said = tried(scenario)
    assert (said.found, said.funnel.left_out["refused"], said.funnel.left_out["capped"], said.new) == (16, 4, 2, 10)
    assert [line.pk for line in said.samples] == [line.pk for line in lines[:14] if line not in refused]
    done = night()
    assert (done.opened, done.refused) == (10, 4)
    assert with_orders() == [line.pk for line in lines[:14] if line not in refused]
    run = ScenarioRun.objects.get()
    assert (run.found, run.new, run.capped) == (16, 14, 2)
    assert ScenarioHit.objects.filter(state=ScenarioHit.State.REFUSED).count() == 4


def test_with_fewer_who_may_be_called_than_the_limit_all_are_called():
    scenario, lines = make_scenario(daily_cap=3), lines_of(4)
    for line in lines[:2]:
        make_list_entry(customer=line.subscriber.account.customer)
    said = tried(scenario)
    assert (said.funnel.left_out["refused"], said.funnel.left_out["capped"], said.new) == (2, 0, 2)
    assert (night().opened, with_orders()) == (2, [line.pk for line in lines[2:]])


def test_without_a_limit_the_dry_run_counts_the_refused_as_well():
    scenario, lines = make_scenario(), lines_of(3)
    make_list_entry(customer=lines[0].subscriber.account.customer)
    said = tried(scenario)
    assert (said.funnel.left_out["refused"], said.funnel.left_out["capped"], said.new) == (1, 0, 2)
    assert night().opened == 2


def test_of_two_customers_at_one_number_one_counts():
    scenario, lines = make_scenario(daily_cap=2), lines_of(4)
    first, twin = lines[0].subscriber, lines[1].subscriber
    type(first).objects.filter(pk=twin.pk).update(phone_number=first.phone_number)
    said = tried(scenario)
    assert (said.funnel.left_out["refused"], said.funnel.left_out["capped"], said.new) == (1, 1, 2)
    assert (night().opened, with_orders()) == (2, [lines[0].pk, lines[2].pk])


def test_a_scenario_that_only_reports_asks_no_gate():
    lines = lines_of(3)
    scenario = make_scenario(daily_cap=2, action=Scenario.Action.REPORT_ONLY, order_type="")
    make_list_entry(customer=lines[0].subscriber.account.customer)
    said = tried(scenario)
    assert (said.funnel.left_out["refused"], said.funnel.left_out["capped"], said.new) == (0, 1, 2)
    night()
    assert list(ScenarioHit.objects.order_by("pk").values_list("subscriber_id", flat=True)) == [
        line.pk for line in lines[:2]
    ]


def test_the_gate_is_asked_no_further_than_the_limit():
    scenario = make_scenario(daily_cap=2)
    lines_of(40)
    part = matching_sql(scenario=scenario, tree=parse(scenario.rule), as_of=TODAY, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) WITH {part.ctes} SELECT count(*) FROM callable", part.params)
        plan = [row for (row,) in cursor.fetchall()]
    looks = [int(loops) for row in plan if LEDGER in row for loops in re.findall(r"loops=(\d+)", row)]
    assert 1 <= max(looks) <= 2


# Only if it pays


def test_only_contacts_that_pay_are_made_where_the_scenario_says_so():
    scenario = make_scenario(only_if_it_pays=True)
    pays = make_line(expected_gain=Decimal("0.01"))
    for gain in (Decimal(0), Decimal("-3"), None):
        make_line(expected_gain=gain)
    said = tried(scenario)
    assert (said.funnel.customers, said.funnel.left_out["unpaying"], said.new) == (4, 3, 1)
    assert (night().opened, with_orders()) == (1, [pays.pk])
    assert ScenarioRun.objects.get().unpaying == 3


def test_without_the_switch_contacts_that_do_not_pay_are_made():
    scenario = make_scenario()
    make_line(expected_gain=Decimal("-3"))
    assert (tried(scenario).funnel.left_out["unpaying"], tried(scenario).new) == (0, 1)
    assert night().opened == 1
