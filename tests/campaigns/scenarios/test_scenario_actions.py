"""What a scenario does besides opening orders: put customers on a list, report, only count."""

from datetime import timedelta

import pytest

from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.queries import dry_run, night_funnels
from campaigns.scenarios.queries.funnels import total
from campaigns.scenarios.services.events import react_to_events
from campaigns.scenarios.services.nightly import run_scenarios
from campaigns.scenarios.text import format_action
from customers.lists.models import ListEntry, OwnList
from customers.profile.models import SubscriberProfile
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid
from retention.core.managed.services import create
from tests.campaigns.rows import SPEND_FELL, make_line, make_scenario, rule
from tests.factories import NOW, TODAY, make_event, make_list_entry, make_user

pytestmark = pytest.mark.django_db
Action, State = Scenario.Action, ScenarioHit.State
RED = {"action": Action.ADD_TO_LIST, "order_type": "", "list_kind": "red_list", "list_days": 30}


def run():
    return run_scenarios(as_of=TODAY, now=NOW)


def test_whoever_is_found_is_put_on_the_list_for_the_period_with_the_reason():
    scenario = make_scenario(code="S9", name="Keep calm", **RED)
    line, listed = make_line(), make_line()
    make_list_entry(customer=listed.customer, kind="red_list", reason="by hand")
    assert run().new == 2
    assert set(ScenarioHit.objects.values_list("state", flat=True)) == {State.LISTED}
    entry = ListEntry.objects.get(customer=line.customer)
    assert (entry.kind, entry.channel, entry.starts_on, entry.ends_on) == (
        "red_list", "any", TODAY, TODAY + timedelta(days=29),
    )  # fmt: skip
    assert (entry.reason, entry.created_by, entry.created_at) == ("S9 Keep calm", None, NOW)
    assert ListEntry.objects.get(customer=listed.customer).reason == "by hand"
    assert SubscriberProfile.objects.get(pk=line.pk).on_red_list
    trail = AuditEntry.objects.get(action="customer.list_add")
    assert (trail.target, trail.detail) == ("scenario:S9", {"list": "red_list", "customers": 1})
    Scenario.objects.filter(pk=scenario.pk).update(version=2)
    run()
    assert ListEntry.objects.count() == 2


def test_an_own_list_is_named_by_its_code_and_blocks_as_it_says(mia):
    own = create(model=OwnList, actor=mia, code="vip", values={"name": "VIP", "effect": "block"})
    make_scenario(code="S9", **RED | {"list_kind": "vip"})
    line = make_line()
    make_list_entry(customer=line.customer, kind="red_list")
    assert run().new == 1
    entry = ListEntry.objects.get(kind="own")
    assert (entry.own_list, entry.customer, entry.ends_on) == (own, line.customer, TODAY + timedelta(days=29))
    assert not SubscriberProfile.objects.get(pk=line.pk).do_not_disturb
    Scenario.objects.update(version=2)
    run()
    assert ListEntry.objects.filter(kind="own").count() == 1
    assert format_action(Scenario.objects.get()) == "Put on a list: VIP for 30 days"


def test_who_is_listed_cools_down_and_the_gate_is_not_asked():
    scenario = make_scenario(**RED)
    line = make_line()
    make_list_entry(customer=line.customer, kind="blacklist")
    assert dry_run(scenario=scenario, user=make_user(role="administrator"), now=NOW).new == 1
    run()
    SubscriberProfile.objects.update(as_of=TODAY + timedelta(days=1))
    assert run_scenarios(as_of=TODAY + timedelta(days=1), now=NOW + timedelta(days=1)).cooled == 1


def test_an_event_puts_on_a_list_at_once():
    make_scenario(trigger="event", event_kinds=["port_out_inquiry"], **RED)
    line = make_line()
    make_event(subscriber=line.subscriber)
    assert react_to_events(now=NOW)["hit"] == 1
    assert ListEntry.objects.get().customer_id == line.customer_id


def test_what_only_counts_keeps_its_counts_and_no_hits():
    scenario = make_scenario(action=Action.COUNT_ONLY, order_type="", daily_cap=2)
    for _line in range(3):
        make_line()
    report = run()
    assert (report.found, report.new, report.capped) == (3, 2, 1)
    assert not ScenarioHit.objects.exists()
    assert ScenarioRun.objects.get(scenario=scenario).new == 2
    funnel = total(night_funnels(scenario=scenario, user=make_user(role="administrator"), on=TODAY))
    assert (funnel.lines, funnel.left_out, funnel.done) == (3, {"capped": 1}, {"counted": 2})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"action": Action.ADD_TO_LIST}, "list_kind"),
        ({"action": Action.COUNT_ONLY, "trigger": "event", "event_kinds": ["port_out_inquiry"]}, "trigger"),
        ({"action": Action.ADD_TO_LIST, "list_kind": "no-such-list"}, "list_kind"),
        ({"action": Action.OPEN_ORDER}, "order_type"),
    ],
)
def test_an_action_that_lacks_something_is_refused(mia, values, field):
    with pytest.raises(Invalid) as wrong:
        create(model=Scenario, actor=mia, code="MY-1", values={"name": "Mine", "rule": rule(SPEND_FELL)} | values)
    assert [one["field"] for one in wrong.value.details] == [field]


def test_nothing_is_offered_that_is_not_there():
    assert set(Action.values) == {"open_order", "send_message", "add_to_list", "report_only", "count_only"}
