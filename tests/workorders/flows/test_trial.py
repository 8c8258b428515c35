"""A trial run and the drawing: pure, and of one mind with the moving statement."""

from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workorders.orders.flows import legal_types, two_desks
from workorders.flows.drawing import draw
from workorders.flows.trial import choices_at, walk
from workorders.order_types.stages import read_stages
from workorders.orders.states import MOVES

TWO_DESKS = read_stages(two_desks()["stages"], two_desks()["moves"])


def test_an_imaginary_order_walks_as_its_moves_are_pressed():
    trial = walk(TWO_DESKS, ["claim", "start", "escalate", "claim", "start", "solve"])
    assert [one.stage.key for one in trial.trail] == [
        "reported", "first", "first_call", "second_queue", "second", "second_work", "solved",
    ]  # fmt: skip
    assert not trial.refused


def test_it_stops_before_what_is_not_legal():
    trial = walk(TWO_DESKS, ["claim", "solve", "start"])
    assert (trial.stage.key, trial.refused) == ("first", "solve")
    assert walk(read_stages([{"key": "a", "phase": "done"}], []), ["claim"]).stage is None


@settings(max_examples=60, deadline=None)
@given(legal_types(), st.data())
def test_every_button_of_a_trial_leads_on(parts, data):
    flow, pressed = read_stages(parts["stages"], parts["moves"]), []
    for _step in range(12):
        trial = walk(flow, pressed)
        assert not trial.refused
        found = choices_at(flow, trial)
        if not found:
            break
        chosen = data.draw(st.sampled_from(found))
        assert trial.stage.phase in MOVES[chosen.move.name].sources
        pressed.append(chosen.key)


@settings(max_examples=40, deadline=None)
@given(legal_types())
def test_a_drawing_has_every_stage_and_every_move_and_no_style_or_script(parts):
    flow = read_stages(parts["stages"], parts["moves"])
    svg = str(draw(flow=flow, title='<"Flow">', wrong={flow.stages[0].key}))
    root = ElementTree.fromstring(svg)
    assert not {one.tag for one in root.iter()} & {"script", "style"}
    assert "style=" not in svg
    boxes = [one for one in root.iter() if one.tag.endswith("rect")]
    assert len(boxes) == len(flow.stages)
    assert len({(one.get("x"), one.get("y")) for one in boxes}) == len(boxes)
    arrows = [one for one in root if one.tag.endswith("path")]
    assert len(arrows) == sum(len(one.sources) for one in flow.steps)
