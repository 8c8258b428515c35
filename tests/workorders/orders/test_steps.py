"""Moves of an order's own type: what they need, what they do besides, and what the trail says of them."""

from datetime import timedelta

import pytest
from django.utils import translation

from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention.core.errors import Conflict, Invalid
from retention.core.notices.models import Notice
from retention.core.webhooks.models import OutboxEvent
from tests.core.webhooks.hooks import make_hook
from tests.factories import NOW, TODAY, make_team
from tests.workorders.orders.flows import fault, opened, step, two_desks
from tests.workorders.rows import DAY, HOUR, MINUTE, make_orders
from workorders.order_types.models import OrderType
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.claiming import claim_next, next_order
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.services.reopening import reopen
from workorders.orders.services.steps import Given, make_step, steps_for
from workorders.supervision.services import cancel

pytestmark = pytest.mark.django_db


def in_work(order, agent):
    claim_next(agent=agent, now=NOW)
    return start(order_no=order.order_no, agent=agent, version=None, now=NOW)


def test_a_fault_goes_to_the_second_line_and_its_trail_says_so_in_its_own_words(crew, floor, boss):
    ana, ben = floor[1]
    order = in_work(fault(crew), ana)
    assert [one.key for one in steps_for(order, ana)] == ["escalate", "defer", "return_unfit", "hand_over"]
    with pytest.raises(Invalid) as error:
        make_step(order_no=order.order_no, step="escalate", actor=ana, now=NOW, given=Given())
    assert error.value.details[0]["field"] == "reason"
    made = make_step(order_no=order.order_no, step="escalate", actor=ana, now=NOW, given=Given(reason="no signal"))
    assert (made.state, made.stage, made.assignee_id, made.lease_until) == ("queued", "second_queue", None, None)
    assert Notice.objects.get().person == boss
    line = Transition.objects.for_history().filter(order=order).first()
    assert (line.move, line.stage, line.step, line.detail) == (
        "pass_on", "second_queue", "escalate", {"reason": "no signal"},
    )  # fmt: skip
    with translation.override("zh-hans"):
        assert line.move_label == "升级二线"
    taken = claim_next(agent=ben, now=NOW)
    assert (taken.pk, taken.stage) == (order.pk, "second_accepted")
    start(order_no=order.order_no, agent=ben, version=None, now=NOW)
    with pytest.raises(Conflict):
        make_step(order_no=order.order_no, step="escalate", actor=ben, now=NOW, given=Given(reason="again"))


def test_the_lease_is_as_long_as_the_type_says(crew, floor):
    fault(crew)
    assert claim_next(agent=floor[1][0], now=NOW).lease_until == NOW + timedelta(seconds=300)


def test_a_fault_stands_beside_the_order_of_its_customer_and_needs_no_reservation(crew, floor):
    ana, ben = floor[1]
    (call,) = make_orders(1, team=crew)
    order = fault(crew, call.subscriber)
    assert (order.one_open, call.one_open) == (False, True)
    first, second = next_order(agent=ana, now=NOW), next_order(agent=ben, now=NOW)
    assert {first.pk, second.pk} == {call.pk, order.pk}
    agent = ana if first.pk == order.pk else ben
    saved = record_outcome(
        order_no=order.order_no, agent=agent, disposition="informed", version=None, now=NOW, answers={"area": "mobile",
        "cause": "mast"},
    )  # fmt: skip
    assert (saved.state, saved.stage, saved.step) == ("done", "restored", "restore")
    contact = ContactRecord.objects.get(state=ContactRecord.State.USED)
    assert (contact.order_no, contact.customer_id) == (order.order_no, order.customer_id)
    assert ContactRecord.objects.get(state=ContactRecord.State.RESERVED).order_no == call.order_no
    reopen(order_no=order.order_no, agent=agent, now=NOW + MINUTE)
    assert ContactRecord.objects.get(state=ContactRecord.State.RESERVED).order_no == call.order_no


def with_effects(*effects, via="complete", to="solved", sources=("first_call", "second_work")):
    parts = two_desks()
    parts["moves"] = [one for one in parts["moves"] if one["via"] != via]
    parts["moves"].insert(0, step("own", via, list(sources), to, effects=list(effects)))
    return OrderType.objects.create(
        code="own", name="Own", name_zh="自有", purpose="service", one_open=False,
        fields=[{"key": "solved", "label": "S", "label_zh": "解", "kind": "flag"}], **parts,
    )  # fmt: skip


def test_closing_writes_a_list_opens_a_follow_up_and_reports_in_its_transaction(crew, floor):
    make_hook(events=["order.moved"])
    kind = with_effects(
        {"name": "write_list", "params": {"list": ListEntry.Kind.DO_NOT_DISTURB, "days": 30}},
        {"name": "open_follow_up", "params": {"order_type": "fault_escalation", "hours": 6}},
        {"name": "publish_moved"},
        {"name": "notify", "params": {"who": "supervisors"}, "when": {"field": "solved", "is": ["yes"]}},
    )
    order, ana = opened(kind, crew), floor[1][0]
    in_work(order, ana)
    record_outcome(order_no=order.order_no, agent=ana, disposition="informed", version=None, now=NOW)
    entry = ListEntry.objects.get()
    assert (entry.customer_id, entry.proof, entry.ends_on) == (order.customer_id, order.order_no, TODAY + 30 * DAY)
    child = WorkOrder.objects.get(origin_kind="follow-up")
    assert (child.origin_key, child.type.code, child.due_at) == (order.order_no, "fault_escalation", NOW + 6 * HOUR)
    assert child.order_no in order.notes.get().text
    event = OutboxEvent.objects.get(name="order.moved")
    assert (event.payload["stage"], event.payload["step"]) == ("solved", "own")
    assert not Notice.objects.exists()  # only when it was solved


def test_an_effect_that_fails_takes_the_whole_move_with_it(crew, floor, monkeypatch):
    from workorders.orders.effects import EFFECTS, EffectKind

    def fail(**given):
        raise Conflict("no")

    monkeypatch.setitem(EFFECTS, "withdraw_offers", EffectKind("x", fail))
    kind = with_effects({"name": "write_list", "params": {"list": "false_user"}}, {"name": "withdraw_offers"})
    order, ana = opened(kind, crew), floor[1][0]
    in_work(order, ana)
    with pytest.raises(Conflict):
        record_outcome(order_no=order.order_no, agent=ana, disposition="informed", version=None, now=NOW)
    order.refresh_from_db()
    assert (order.state, order.stage) == ("in_progress", "first_call")
    assert not ListEntry.objects.exists()


def test_effects_run_whoever_closes_the_order(crew, boss):
    kind = with_effects(
        {"name": "notify", "params": {"who": "supervisors"}}, via="cancel", to="dropped", sources=("reported",)
    )
    order = opened(kind, crew)
    assert cancel(order_nos=[order.order_no], actor=boss, reason="double", now=NOW).moved == 1
    assert Notice.objects.get().person == boss


def test_a_move_that_the_type_lacks_is_refused_and_cancelling_passes_over(crew, floor, boss):
    parts = two_desks()
    parts["moves"] = [one for one in parts["moves"] if one["key"] in {"solve", "escalate"}]
    kind = OrderType.objects.create(code="own", name="O", name_zh="自", purpose="service", one_open=False, **parts)
    order, ana = opened(kind, crew), floor[1][0]
    assert cancel(order_nos=[order.order_no], actor=boss, reason="x", now=NOW).skipped == [order.order_no]
    in_work(order, ana)
    with pytest.raises(Conflict) as error:
        record_outcome(order_no=order.order_no, agent=ana, disposition="no_answer", version=None, now=NOW)
    assert error.value.code == "illegal_move"


def test_running_orders_keep_their_version_when_it_is_retired(crew, floor):
    order, ana = fault(crew), floor[1][0]
    kind = OrderType.objects.get(pk=order.type_id)
    parts = two_desks()
    OrderType.objects.create(
        code=kind.code, version=2, name="New", name_zh="新", purpose="service", one_open=False, **parts
    )
    OrderType.objects.filter(pk=kind.pk).update(active=False)
    assert fault(crew).stage == "reported"
    taken = in_work(order, ana)
    assert (taken.type_id, taken.stage) == (kind.pk, "diagnosis")
    assert make_step(
        order_no=order.order_no, step="escalate", actor=ana, now=NOW, given=Given(reason="r")
    ).stage == "second_queue"  # fmt: skip


def test_an_order_of_before_there_were_stages_goes_on_by_its_state(crew, floor):
    (order,) = make_orders(1, team=crew)
    ana = floor[1][0]
    WorkOrder.objects.update(stage="")
    in_work(order, ana)
    saved = record_outcome(order_no=order.order_no, agent=ana, disposition="informed", version=None, now=NOW) \
        if order.type.flow["dispositions"].count("informed") else record_outcome(
            order_no=order.order_no, agent=ana, disposition="retained", version=None, now=NOW)  # fmt: skip
    assert (saved.state, saved.stage, saved.step) == ("done", "done", "complete")


def test_deferred_until_a_date_and_back_to_pending(crew, floor, boss):
    (order,) = make_orders(1, team=crew)
    ana = floor[1][0]
    claim_next(agent=ana, now=NOW)
    with pytest.raises(Invalid):
        make_step(order_no=order.order_no, step="defer", actor=ana, now=NOW, given=Given(reason="away", until=NOW))
    later = NOW + 3 * DAY
    made = make_step(order_no=order.order_no, step="defer", actor=ana, now=NOW, given=Given(reason="away", until=later))
    assert (made.state, made.not_before, made.due_at >= later) == ("queued", later, True)
    assert claim_next(agent=ana, now=NOW + DAY) is None
    with pytest.raises(Conflict):  # it is no longer hers
        make_step(order_no=order.order_no, step="to_pending", actor=ana, now=NOW, given=Given(reason="back"))
    back = make_step(order_no=order.order_no, step="to_pending", actor=boss, now=NOW, given=Given(reason="back"))
    assert back.not_before is None
    assert claim_next(agent=ana, now=NOW + DAY).pk == order.pk


def test_returned_as_unfit_the_customer_is_free_again(crew, floor):
    (order,) = make_orders(1, team=crew)
    ana = floor[1][0]
    claim_next(agent=ana, now=NOW)
    made = make_step(order_no=order.order_no, step="return_unfit", actor=ana, now=NOW, given=Given(reason="no phone"))
    assert (made.state, made.closed_by_id) == ("cancelled", ana.pk)
    assert ContactRecord.objects.get().state == ContactRecord.State.RELEASED


def test_two_windows_the_second_one_learns_of_the_first(crew, floor):
    (order,) = make_orders(1, team=crew)
    ana = floor[1][0]
    version = claim_next(agent=ana, now=NOW).version
    given = Given(reason="away", until=NOW + DAY)
    make_step(order_no=order.order_no, step="defer", actor=ana, now=NOW, given=given, version=version)
    with pytest.raises(Conflict) as error:
        make_step(order_no=order.order_no, step="defer", actor=ana, now=NOW, given=given, version=version)
    assert error.value.code == "changed_meanwhile"
    assert error.value.details[0]["code"] == "defer"


def test_handed_over_to_another_branch_it_waits_for_the_answer(crew, floor, boss):
    ana = floor[1][0]
    (order,) = make_orders(1, team=crew)
    other = make_team()
    from tests.factories import make_user

    zoe = make_user(role="agent", branch=other.branch, teams=(other,))
    given = Given(reason="Line is in your town", until=NOW + 2 * DAY, team=other)
    claim_next(agent=ana, now=NOW)
    made = make_step(order_no=order.order_no, step="hand_over", actor=ana, now=NOW, given=given)
    child = WorkOrder.objects.get(origin_kind="hand-over")
    assert (made.state, made.not_before) == ("queued", NOW + 2 * DAY)
    assert (child.team, child.branch, child.due_at, child.one_open, child.origin_key) == (
        other, other.branch, NOW + 2 * DAY, False, order.order_no,
    )  # fmt: skip
    assert claim_next(agent=ana, now=NOW + HOUR) is None
    claim_next(agent=zoe, now=NOW + HOUR)
    record_outcome(
        order_no=child.order_no, agent=zoe, disposition="retained", version=None, now=NOW + HOUR, note="Visited, stays"
    )
    order.refresh_from_db()
    assert order.not_before is None
    assert "Visited, stays" in order.notes.get().text
    assert [one.person for one in Notice.objects.filter(message="order.answered")] == [boss]
    assert Transition.objects.filter(order=order).latest("version").move == "answer"
    assert claim_next(agent=ana, now=NOW + HOUR).pk == order.pk


def test_without_an_answer_in_time_it_goes_on_by_itself(crew, floor):
    ana = floor[1][0]
    (order,) = make_orders(1, team=crew)
    given = Given(reason="yours", until=NOW + DAY, team=make_team())
    claim_next(agent=ana, now=NOW)
    make_step(order_no=order.order_no, step="hand_over", actor=ana, now=NOW, given=given)
    assert claim_next(agent=ana, now=NOW + DAY).pk == order.pk
