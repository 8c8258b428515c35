"""Desks of the demo work beside each other: each goes on when its moment has come, whoever else is busy."""

from collections.abc import Generator, Iterable
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import TypeVar

from retention.core import clock

T = TypeVar("T")
# What somebody does at a desk: it yields the moment at which it goes on, and the clock stands there when it does.
Moments = Generator[datetime, None, T]


def run_desks(desks: Iterable[Moments[None]]) -> None:
    """Let all desks act to their end, in the order of their moments; of one moment the first desk goes first."""
    waiting = []
    for place, desk in enumerate(desks):
        if (at := next(desk, None)) is not None:
            waiting.append((at, place, desk))
    heapify(waiting)
    while waiting:
        at, place, desk = heappop(waiting)
        with clock.freeze(at):
            following = next(desk, None)
        if following is not None:
            heappush(waiting, (following, place, desk))
