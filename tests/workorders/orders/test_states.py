"""The state table is the law: what it allows, and that nothing else does."""

import pytest

from retention.core.accounts import roles
from workorders.orders import states
from workorders.orders.states import CLOSED, HELD, MOVES, OPEN, SYSTEM, WORKED, State


def test_every_state_is_open_or_closed():
    assert set(OPEN) | set(CLOSED) == set(State)
    assert not set(OPEN) & set(CLOSED)
    assert set(WORKED) < set(HELD) < set(OPEN)


def test_only_correcting_moves_leave_a_closed_order():
    assert [move.name for move in states.available(State.DONE)] == ["reopen", "requeue"]
    assert states.available(State.CANCELLED) == []


def test_every_open_state_leads_to_an_end():
    for state in OPEN:
        reached, seen = {state}, set()
        while reached - seen:
            here = (reached - seen).pop()
            seen.add(here)
            reached |= {move.to for move in states.available(here)}
        assert set(CLOSED) <= reached, state


def test_moves_name_themselves_and_need_a_real_permission():
    for name, move in MOVES.items():
        assert move.name == name
        assert move.permission == SYSTEM or move.permission in roles.ALL_PERMISSIONS


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (State.QUEUED, ["claim", "reopen", "rest", "adopt", "withdraw", "assign", "route", "cancel", "defer",
                        "to_pending", "hand_over", "come_back", "answer", "merge"]),
        (State.ASSIGNED, ["claim", "start", "complete", "retry", "schedule", "put_back", "skip", "rest", "expire",
                          "sign_off", "leave", "withdraw", "assign", "route", "take_back", "cancel", "pass_on",
                          "defer", "to_pending", "return_unfit", "hand_over", "cover", "cover_group", "come_back",
                          "merge"]),
        (State.IN_PROGRESS, ["complete", "retry", "schedule", "expire", "sign_off", "leave", "withdraw", "assign",
                             "route", "take_back", "cancel", "proceed", "pass_on", "defer", "return_unfit",
                             "hand_over", "merge"]),
        (State.WAITING, ["claim", "reopen", "leave", "miss", "withdraw", "assign", "route", "take_back", "cancel",
                         "defer", "to_pending", "hand_over", "merge"]),
        (State.DONE, ["reopen", "requeue"]),
        (State.CANCELLED, []),
    ],
)  # fmt: skip
def test_from_each_state_exactly_these_moves(state, moves):
    assert [move.name for move in states.available(state)] == moves


def test_an_outcome_needs_an_order_on_the_desk():
    for name in ("complete", "retry", "schedule"):
        assert MOVES[name].sources == set(WORKED)
