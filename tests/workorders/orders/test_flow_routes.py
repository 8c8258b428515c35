"""The state table over the stages of a type: where moves lead, and what keeps a type from being published."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workorders.orders.flows import codes, found, legal_types, stage, step, two_desks
from workorders.order_types.stages import DEFAULT_STAGES, read_stages
from workorders.orders import flow as law
from workorders.orders.states import CLOSED, MOVES, REFINED, State


def staged(parts):
    return read_stages(parts["stages"], parts["moves"])


def to(parts, key, name):
    flow = staged(parts)
    found = law.target(flow, flow.stage(key), MOVES[name])
    return found and found.to


def test_a_type_without_stages_lives_as_the_state_table_says():
    flow = read_stages([], [])
    assert [one.key for one in flow.stages] == State.values
    offered = {one.via for one in flow.steps}
    assert MOVES.keys() - offered >= {"claim", "start", "expire"}
    for one in flow.stages:
        for name, move in MOVES.items():
            led = law.target(flow, one, move)
            legal = one.phase in move.sources and (name in offered or name not in REFINED)
            assert (led.to if led else None) == (move.to.value if legal else None), (one.key, name)


@pytest.mark.parametrize(
    ("key", "name", "where"),
    [
        ("reported", "claim", "first"),
        ("second_queue", "claim", "second"),
        ("second", "start", "second_work"),
        ("second_work", "expire", "second_queue"),
        ("first_call", "expire", "reported"),
        ("second_queue", "route", "second_queue"),
        ("second_queue", "assign", "second"),
        ("solved", "requeue", "second_queue"),
        ("first_call", "pass_on", "second_queue"),
        ("second_work", "pass_on", None),
        ("second_work", "retry", None),
        ("reported", "complete", None),
        ("first", "withdraw", "dropped"),
        ("promised", "miss", "second_queue"),
    ],
)
def test_where_a_move_leads(key, name, where):
    assert to(two_desks(), key, name) == where


def test_a_type_may_be_published_as_it_stands():
    assert found(two_desks()) == []


def broken(change):
    parts = deepcopy(two_desks())
    change(parts)
    return codes(parts)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda it: it["stages"].insert(3, stage("island", "in_progress")), ("stage:island", "unreachable")),
        (lambda it: it["stages"].append(stage("reported", "queued")), ("stage:reported", "duplicate")),
        (lambda it: it["stages"].append(stage("Über", "queued")), ("stage:Über", "bad_key")),
        (lambda it: it["stages"][0].update(phase="asleep"), ("stage:reported", "unknown_phase")),
        (lambda it: it["stages"][0].update(who="fly"), ("stage:reported", "unknown_permission")),
        (lambda it: it["stages"][0].update(label_zh=""), ("stage:reported", "no_label")),
        (lambda it: it["stages"][0].update(form=["colour"]), ("stage:reported", "unknown_field")),
        (lambda it: it["stages"].pop(1) and it["stages"].pop(3), ("move:escalate", "unknown_stage")),
        (lambda it: it["moves"][0].update(via="teleport"), ("move:escalate", "unknown_via")),
        (lambda it: it["moves"][0].update(to="solved"), ("move:escalate", "phase_mismatch")),
        (lambda it: it["moves"][0].update({"from": ["reported"]}), ("move:escalate", "phase_mismatch")),
        (lambda it: it["moves"][0].update({"from": []}), ("move:escalate", "no_source")),
        (lambda it: it["moves"][0].update(to="nowhere"), ("move:escalate", "unknown_stage")),
        (lambda it: it["moves"][0].update(permission="fly"), ("move:escalate", "unknown_permission")),
        (lambda it: it["moves"][0].update(needs=["colour"]), ("move:escalate", "unknown_field")),
        (lambda it: it["moves"][0].update(effects=[{"name": "explode"}]), ("move:escalate", "unknown_effect")),
        (lambda it: it["moves"][0].update(effects=[{"name": "write_list", "params": {"list": "vip"}}]),
         ("move:escalate", "bad_param")),
        (lambda it: it["moves"][0].update(effects=[{"name": "withdraw_offers", "params": {"x": 1}}]),
         ("move:escalate", "unknown_param")),
        (lambda it: it["moves"].append(step("mine", "claim", ["reported"], "first",
                                            effects=[{"name": "withdraw_offers"}])),
         ("move:mine", "no_effects_here")),
        (lambda it: it["moves"].append(step("lost", "expire", ["first"], "reported", permission="work.do")),
         ("move:lost", "unknown_permission")),
        (lambda it: it.update(flow={"dispositions": ["no_answer"]}), ("type", "no_closing_disposition")),
        (lambda it: it.update(flow={"dispositions": ["nap", "informed"]}), ("type", "unknown_disposition")),
        (lambda it: it.update(fields=[{"key": "a", "label": "A", "label_zh": "甲", "kind": "text",
                                       "shown_when": {"field": "b", "is": ["1"]}}]), ("field:a", "unknown_field")),
        (lambda it: it.update(fields=[{"key": "a", "label": "A", "label_zh": "甲", "kind": "number",
                                       "least": 3, "most": 1}]), ("field:a", "bad_limits")),
        (lambda it: it.update(fields=[{"key": "a", "label": "A"}]), ("type", "bad_fields")),
        (lambda it: it.update(moves=[{"key": "x"}]), ("type", "bad_stages")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_row(change, problem):
    assert problem in broken(change)


def test_an_order_that_could_not_end_is_found():
    parts = two_desks()
    parts["moves"] = [one for one in parts["moves"] if one["key"] != "drop"]
    assert codes(parts) == set()  # it still ends by being solved
    parts["moves"] = [one for one in parts["moves"] if one["key"] != "solve"]
    assert {("stage:reported", "no_end"), ("stage:second_work", "no_end"), ("stage:solved", "unreachable")} <= codes(
        parts
    )


def test_a_phase_that_every_order_may_come_to_has_a_stage():
    parts = {"stages": [one for one in DEFAULT_STAGES if one["key"] != "cancelled"], "moves": []}
    assert ("type", "phase_missing") in codes(parts)


@settings(max_examples=150, deadline=None)
@given(legal_types())
def test_generated_types_have_no_problem_and_every_move_keeps_to_the_state_table(parts):
    assert found(parts) == []
    flow = staged(parts)
    assert law.reachable(flow) == {one.key for one in flow.stages}
    for one in flow.stages:
        for choice in law.choices(flow, one):
            assert one.phase in choice.move.sources
            assert flow.stage(choice.to).phase == choice.move.to
        if one.phase not in CLOSED:
            assert one.key in law.ending(flow)
    compiled = law.routes(flow)
    for one in flow.stages:
        for name, (where, _step) in compiled[one.key].items():
            assert flow.stage(where).phase == MOVES[name].to


@settings(max_examples=150, deadline=None)
@given(legal_types(), st.data())
def test_taking_a_stage_or_moving_an_end_is_never_overlooked(parts, data):
    """Whatever is broken in a type, either nothing came of it or problems() says so."""
    broken = deepcopy(parts)
    if data.draw(st.booleans()):
        broken["stages"].remove(data.draw(st.sampled_from(broken["stages"])))
    else:
        keys = [one["key"] for one in broken["stages"]]
        data.draw(st.sampled_from(broken["moves"]))["to"] = data.draw(st.sampled_from(keys))
    if found(broken):
        return
    flow = staged(broken)
    assert law.reachable(flow) == {one.key for one in flow.stages}
    assert all(one.key in law.ending(flow) for one in flow.stages if one.phase not in CLOSED)
    for one in flow.steps:
        assert all(flow.stage(source).phase in MOVES[one.via].sources for source in one.sources)
        assert flow.stage(one.to).phase == MOVES[one.via].to
