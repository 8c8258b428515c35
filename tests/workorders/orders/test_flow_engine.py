"""The moving statement over generated types: whatever is tried, no order stands where its type does not let it."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from retention.core.errors import DomainError
from tests.factories import NOW, TODAY, make_user
from tests.workorders.orders.flows import legal_types
from tests.workorders.rows import HOUR, MINUTE, make_floor, make_line
from workorders.order_types.models import Disposition, OrderType
from workorders.order_types.services import install_order_types
from workorders.orders import flow as law
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest
from workorders.orders.services.steps import Given, make_step
from workorders.orders.services.transitions import Pick, move
from workorders.orders.states import HELD, MOVES, OPENED, SYSTEM, State

# 2,000 steps with each run of the suite; FLOW_EXAMPLES=250 makes over 10,000.
EXAMPLES, STEPS = int(os.environ.get("FLOW_EXAMPLES", 40)), 50


class Floor:
    """The people and the line that all machines share; set by the test."""

    agent = boss = manager = line = ending = None
    count = 0
    steps = 0


class Orders(RuleBasedStateMachine):
    @initialize(parts=legal_types())
    def open(self, parts):
        Floor.count += 1
        self.now = NOW
        self.type = OrderType.objects.create(
            code=f"generated_{Floor.count}", name="G", name_zh="生成", purpose="service", one_open=False, **parts
        )
        self.flow = self.type.staged
        request = OrderRequest(
            subscriber_id=Floor.line.pk, type=self.type, origin=Origin(OriginKind.PLANNER), found_on=TODAY
        )
        (opened,) = open_orders(requests=[request], on=TODAY, now=NOW)
        self.order = WorkOrder.objects.get(order_no=opened.order_no)
        self.moves = [OPENED]

    @rule(data=st.data())
    def make_a_step_of_the_type(self, data):
        key = data.draw(st.sampled_from([one.key for one in self.flow.steps] + ["none_such"]))
        actor = data.draw(st.sampled_from([Floor.agent, Floor.boss, Floor.manager]))
        step, stage = self.flow.step(key), self.flow.stage(self.order.stage)
        allowed = (
            step is not None
            and stage.key in step.sources
            and step.via not in {"complete", "retry", "schedule"}
            and MOVES[step.via].permission != SYSTEM
            and actor.may(MOVES[step.via].permission)
            and (not step.permission or actor.may(step.permission))
        )
        visible = actor is not Floor.agent or self.order.assignee_id == actor.pk
        given = Given(reason="because", until=self.now + 2 * HOUR)
        try:
            moved = make_step(order_no=self.order.order_no, step=key, actor=actor, now=self.tick(), given=given)
        except DomainError:
            assert not (allowed and visible), (key, stage)
            return
        assert allowed and visible
        assert (moved.stage, moved.step) == (step.to, key)
        self.moves.append(step.via)

    @rule(data=st.data())
    def make_a_move_of_the_state_table(self, data):
        name = data.draw(st.sampled_from(sorted(MOVES)))
        expected = law.target(self.flow, self.flow.stage(self.order.stage), MOVES[name])
        actor = None if MOVES[name].permission == SYSTEM else Floor.boss
        to, changes = MOVES[name].to, {}
        if to in HELD:
            changes["assignee_id"] = Floor.agent.pk
        if to == State.WAITING:
            changes["appointment_at"] = self.now + HOUR
        ending = Floor.ending if to == State.DONE else None
        moved = move(
            name=name, pick=Pick.of([self.order.pk]), actor=actor, now=self.tick(), changes=changes, disposition=ending
        )
        assert bool(moved) == (expected is not None), (name, self.order.stage)
        if moved:
            own = expected.step.key if expected.step else ""
            assert (moved[0].stage, moved[0].step) == (expected.to, own)
            self.moves.append(name)

    def tick(self):
        self.now += MINUTE
        Floor.steps += 1
        return self.now

    @invariant()
    def stands_where_its_type_lets_it(self):
        if hasattr(self, "order"):
            self.order.refresh_from_db()
            assert self.flow.stage(self.order.stage).phase == self.order.state
            assert self.order.version == len(self.moves)

    def teardown(self):
        """Its trail says how it came there: a line for each move and none besides."""
        if not hasattr(self, "order"):
            return
        trail = list(Transition.objects.filter(order=self.order).order_by("version"))
        assert [one.move for one in trail] == self.moves
        assert [one.version for one in trail] == list(range(1, self.order.version + 1))
        assert (trail[-1].to_state, trail[-1].stage) == (self.order.state, self.order.stage)
        for before, after in zip(trail, trail[1:], strict=False):
            assert after.from_state == before.to_state
            assert after.from_state in MOVES[after.move].sources
            assert after.to_state == MOVES[after.move].to
            assert self.flow.stage(after.stage).phase == after.to_state
        self.order.delete()


@pytest.mark.django_db
def test_ten_thousand_legal_and_illegal_steps():
    install_order_types()
    team, (Floor.agent,) = make_floor()
    Floor.boss = make_user(role="supervisor", branch=team.branch, teams=(team,))
    Floor.manager = make_user(role="manager", branch=team.branch)
    Floor.line = make_line(branch=team.branch)
    Floor.ending = Disposition.objects.get(code="informed")
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert Floor.steps >= 0.8 * EXAMPLES * STEPS  # hypothesis ends some examples before their last step
