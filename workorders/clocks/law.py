"""The law of clocks: from an order's trail, what each clock measured, when it stood still and what ended it. Pure.

A clock runs from the opening until what it waits for has happened, or the order is closed without it. It stands still
in the states that its type names; there a promised moment (an appointment) ends the standing still, because from then
on it is the customer who waits. While an order is closed and opened again later, no clock runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from workorders.clocks.calendars import ALWAYS, Calendar
from workorders.clocks.worktime import MINUTE, Elapsed, Timekeeper, to_datetime
from workorders.order_types.clocks import ClockKind, ClockSpec, Counting
from workorders.orders.states import CLOSED, OPENED, RAISED, TAKEN_OVER, State

# Names under which the detail of a move keeps the moment that was promised.
PROMISED = ("appointment_at", "not_before", "until")
ACCEPTING, CALLING, MENDING = ("claim", "start"), "start", ("reopen", "requeue")
NEVER = int(np.iinfo(np.int64).max)
Pause = tuple[int, int | None]


class Line(NamedTuple):
    """One line of an order's trail. is_contact: a disposition was saved; is_reached: the customer spoke with us."""

    at: int  # instants are microseconds, see worktime
    move: str
    to_state: str
    is_contact: bool = False
    is_reached: bool = False
    promised: int | None = None
    due_minutes: int | None = None


class Course(NamedTuple):
    """What happened to one clock, whatever the calendar says.

    promises: (from when, minutes), of which the first to run out counts. pauses: (from, until) in order, the last
    without an end when nothing is promised. met_at: what it waits for happened. stopped_at: the order was closed first.
    """

    spec: ClockSpec
    promises: tuple[tuple[int, int], ...]
    pauses: tuple[Pause, ...]
    met_at: int | None
    stopped_at: int | None

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.stopped_at is None


@dataclass(frozen=True)
class Clock:
    """A clock as it stands. due_at, warn_at: None while it stands still without a promised end."""

    kind: ClockKind
    started_at: datetime
    minutes: int
    pauses: tuple[tuple[datetime, datetime | None], ...]
    warn_at: datetime | None
    due_at: datetime | None
    met_at: datetime | None
    stopped_at: datetime | None

    def is_breached(self, now: datetime) -> bool:
        end = self.met_at or self.stopped_at or now
        return self.due_at is not None and self.due_at < end


def courses(trail: Sequence[Line], specs: Sequence[ClockSpec]) -> list[Course]:
    """The course of each clock. trail: all lines of one order, the oldest first; at least its opening."""
    return [_course(trail, spec) for spec in specs]


def _course(trail: Sequence[Line], spec: ClockSpec) -> Course:
    met = _met_at(trail, spec.kind)
    last = trail[-1]
    stopped = last.at if met is None and last.to_state in CLOSED else None
    end = met if met is not None else stopped
    pauses = [one for one in _pauses(trail, spec.pauses_in) if end is None or one[0] < end]
    if end is not None and pauses and (pauses[-1][1] is None or pauses[-1][1] > end):
        pauses[-1] = pauses[-1][0], end
    return Course(spec, _promises(trail, spec), tuple(pauses), met, stopped)


def _promises(trail: Sequence[Line], spec: ClockSpec) -> tuple[tuple[int, int], ...]:
    """Of the close each demand with its own time; the others begin anew when another request takes the order over."""
    asked = [line for line in trail if line.move in (OPENED, RAISED, TAKEN_OVER)]
    if spec.kind == ClockKind.CLOSE:
        # A line of before clocks were kept tells no time of its own: the opening has the type's.
        told = [(line.at, line.due_minutes) for line in asked if line.due_minutes]
        if told and asked[0].due_minutes:
            return tuple(dict.fromkeys(told))
        return (asked[0].at, spec.minutes), *dict.fromkeys(told)
    return ((next(line.at for line in reversed(asked) if line.move != RAISED), spec.minutes),)


def _met_at(trail: Sequence[Line], kind: ClockKind) -> int | None:
    match kind:
        case ClockKind.ACCEPT:
            found = (line.at for line in trail if line.move in ACCEPTING)
        case ClockKind.ATTEMPT:
            found = (line.at for line in trail if line.move == CALLING or line.is_contact)
        case ClockKind.CONTACT:
            # A contact that was opened again to be corrected does not stand.
            mended = {place - 1 for place, line in enumerate(trail) if line.move in MENDING}
            found = (line.at for place, line in enumerate(trail) if line.is_reached and place not in mended)
        case _:
            found = (line.at for line in trail[-1:] if line.to_state == State.DONE)
    return next(found, None)


def _pauses(trail: Sequence[Line], states: frozenset[str]) -> list[Pause]:
    if not any(line.to_state in states or line.to_state in CLOSED for line in trail):
        return []
    found: list[Pause] = []
    promised, before = None, ""
    for place, line in enumerate(trail):
        if line.to_state != before or line.promised is not None:
            promised = line.promised
        before = line.to_state
        following = trail[place + 1].at if place + 1 < len(trail) else None
        if line.to_state in CLOSED:
            until = following
            if until is None:  # closed for good: the clock has ended
                continue
        elif line.to_state in states:
            until = min((one for one in (promised, following) if one is not None), default=None)
        else:
            continue
        if until is not None and until <= line.at:
            continue
        if found and found[-1][1] == line.at:
            found[-1] = found[-1][0], until
        else:
            found.append((line.at, until))
    return found


def due_times(
    keeper: Timekeeper, starts: np.ndarray, amounts: np.ndarray, pauses: Sequence[Sequence[Pause]]
) -> np.ndarray:
    """When so much of the keeper's time (microseconds) has passed since each start, without what lies in the pauses of
    its row. NEVER while a pause without an end lies before."""
    now, left = starts.astype(np.int64).copy(), amounts.astype(np.int64).copy()
    due = keeper.add(now, left)
    at = np.flatnonzero(np.fromiter((bool(one) for one in pauses), bool, len(pauses)))
    place = 0
    while len(at):
        spans = [pauses[row][place] for row in at.tolist()]
        begins = np.array([since for since, _until in spans], np.int64)
        ends = np.array([NEVER if until is None else until for _since, until in spans], np.int64)
        reached = due[at] > begins
        at, begins, ends = at[reached], begins[reached], ends[reached]
        worked = keeper.between(now[at], np.maximum(begins, now[at]))
        left[at] -= worked
        due[at[ends == NEVER]] = NEVER
        goes_on = ends != NEVER
        at, ends = at[goes_on], ends[goes_on]
        now[at] = np.maximum(now[at], ends)
        due[at] = keeper.add(now[at], left[at])
        place += 1
        at = at[np.fromiter((len(pauses[row]) > place for row in at.tolist()), bool, len(at))]
    return due


@dataclass(frozen=True)
class Times:
    """When clocks warn and run out; NEVER where a pause without an end lies before."""

    warn: np.ndarray
    due: np.ndarray


def reckon(found: Sequence[Course], keeper: Timekeeper) -> Times:
    """The times of any number of courses that are counted by one keeper."""
    owner = np.array([place for place, one in enumerate(found) for _promise in one.promises], np.int64)
    starts = np.array([at for one in found for at, _minutes in one.promises], np.int64)
    amounts = np.array([minutes for one in found for _at, minutes in one.promises], np.int64) * MINUTE
    shares = np.array([one.spec.warn_percent for one in found], np.int64)[owner] if len(found) else owner
    pauses = [one.pauses for one in found for _promise in one.promises]
    warn, due = np.full(len(found), NEVER), np.full(len(found), NEVER)
    np.minimum.at(due, owner, due_times(keeper, starts, amounts, pauses))
    np.minimum.at(warn, owner, due_times(keeper, starts, amounts * shares // 100, pauses))
    return Times(warn, due)


def reckon_each(found: Sequence[Course], calendars: Sequence[Calendar]) -> list[tuple[str, int | None, int | None]]:
    """Of each course the key of what counts it, when it warns and when it runs out, None for never.

    calendars: of each course the one of its group, which counts those in working time. Courses that one calendar counts
    are reckoned together; the key is "" where every minute counts.
    """
    counted: dict[str, tuple[Timekeeper, list[int]]] = {}
    for place, (course, calendar) in enumerate(zip(found, calendars, strict=True)):
        works = course.spec.counting == Counting.WORKING
        key, keeper = (calendar.key, calendar.keeper) if works else ("", ALWAYS.keeper)
        counted.setdefault(key, (keeper, []))[1].append(place)
    made: list[tuple[str, int | None, int | None]] = [("", None, None)] * len(found)
    for key, (keeper, places) in counted.items():
        times = reckon([found[place] for place in places], keeper)
        for place, warn, due in zip(places, times.warn.tolist(), times.due.tolist(), strict=True):
            made[place] = key, None if warn == NEVER else warn, None if due == NEVER else due
    return made


def clocks(trail: Sequence[Line], specs: Sequence[ClockSpec], calendar: Timekeeper) -> list[Clock]:
    """The clocks of one order. calendar: of clocks that count working time."""
    made = []
    for course in courses(trail, specs):
        keeper = calendar if course.spec.counting == Counting.WORKING else Elapsed()
        times = reckon([course], keeper)
        made.append(
            Clock(
                kind=course.spec.kind,
                started_at=to_datetime(course.promises[0][0]),
                minutes=course.promises[0][1],
                pauses=tuple((to_datetime(since), _moment(until)) for since, until in course.pauses),
                warn_at=_moment(int(times.warn[0])),
                due_at=_moment(int(times.due[0])),
                met_at=_moment(course.met_at),
                stopped_at=_moment(course.stopped_at),
            )
        )
    return made


def _moment(at: int | None) -> datetime | None:
    return None if at is None or at == NEVER else to_datetime(at)
