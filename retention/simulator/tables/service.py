"""Tables of life-cycle events and service contacts."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retention.simulator.defaults import causes
from retention.simulator.defaults.catalogue import PLANS
from retention.simulator.history import World
from retention.simulator.identity import Identity, numbered
from retention.simulator.parties import CHANNELS
from retention.simulator.randomness import stream, uniform
from retention.simulator.rules import events
from retention.simulator.rules import events as simulator_events
from retention.simulator.schema import Piece, choices, instants, nullable_at, sliced, table

_REASONS = ("", "arrears", "paid", *causes.EXITS[1:], *CHANNELS)
_FROM_EXIT = _REASONS.index("port_out") - 1  # reason of exit kind k is _FROM_EXIT + k
_FROM_CHANNEL = _REASONS.index(CHANNELS[0])


def termination_exit(world: World, where: np.ndarray) -> np.ndarray:
    """Exit kind of formally terminated lines; silent lines cut off later count as arrears."""
    found = world.departures.exit[where]
    return np.where(found == causes.SILENT, causes.ARREARS, found)


def status_events(world: World, identity: Identity) -> Iterator[Piece]:
    """`status-events` up to `until`, in order of time."""
    columns = _all_events(world)
    order = np.lexsort((columns["line"], columns["second"], columns["day"]))
    columns = {name: values[order] for name, values in columns.items()}
    for begin in range(0, len(order), 200_000):
        part = {name: values[begin : begin + 200_000] for name, values in columns.items()}
        reason = choices(_REASONS, part["reason"])
        yield (
            "status-events",
            table(
                "status-events",
                {
                    "event_no": numbered("E", begin + np.arange(len(part["day"])), 10),
                    "subscriber_no": identity.lines(part["line"]),
                    "at": instants(part["day"], part["second"]),
                    "kind": choices(events.EVENT_KINDS, part["kind"]),
                    "reason": pc.if_else(pc.equal(reason, ""), pa.scalar(None, pa.string()), reason),
                    "detail": _details(part),
                },
            ),
        )


def _details(part: dict[str, np.ndarray]) -> pa.Array:
    """JSON text: old and new value of a plan or tier change."""
    plans, tiers = [plan.code for plan in PLANS], list(events.TIERS)
    before, after = part["before"], part["after"]
    is_plan, is_tier = part["kind"] == events.PLAN_CHANGE, part["kind"] == events.TIER_CHANGE

    def named(values: np.ndarray) -> pa.Array:
        of_plan = choices(plans, np.where(is_plan, values, 0))
        return pc.if_else(pa.array(is_plan), of_plan, choices(tiers, np.where(is_tier, values, 0)))

    text = pc.binary_join_element_wise('{"from": "', named(before), '", "to": "', named(after), '"}', "")
    return pc.if_else(pa.array(is_plan | is_tier), text, pa.scalar(None, pa.string()))


def _all_events(world: World) -> dict[str, np.ndarray]:
    timeline, lines, departures = world.spec.timeline, world.lines, world.departures
    parts = [_within(world, world.events.columns())]
    everyone = np.arange(len(lines), dtype=np.int32)
    parts.append(_made(world, everyone, lines.activated, events.ACTIVATE, _FROM_CHANNEL + lines.channel, "activate"))
    gone = np.flatnonzero(departures.gone_on <= timeline.until)
    reason = _FROM_EXIT + termination_exit(world, gone)
    parts.append(_made(world, gone, departures.gone_on[gone], events.TERMINATE, reason, "terminate"))
    parts.extend(_stops(world))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _within(world: World, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Events of the history, of lines that exist on the day."""
    timeline, line = world.spec.timeline, columns["line"]
    kept = (columns["day"] >= timeline.history_start) & (columns["day"] <= timeline.until)
    kept &= (columns["day"] >= world.lines.activated[line]) & (columns["day"] < world.departures.gone_on[line])
    return {name: values[kept] for name, values in columns.items()}


def _made(
    world: World, where: np.ndarray, day: np.ndarray, kind: int, reason: np.ndarray | int, tag: str
) -> dict[str, np.ndarray]:
    rng = stream(world.spec.seed, "event-time", tag)
    size = len(where)
    made = {
        "line": where, "day": day, "second": 8.5 * 3600 + 12 * 3600 * uniform(rng, size),
        "kind": np.full(size, kind), "reason": np.broadcast_to(reason, size), "before": np.zeros(size),
        "after": np.zeros(size),
    }  # fmt: skip
    return {name: values.astype(np.int32) for name, values in made.items()}


def _stops(world: World) -> Iterator[dict[str, np.ndarray]]:
    """Stop and restore of every line of an account that did not pay."""
    lines, departures, timeline = world.lines, world.departures, world.spec.timeline
    line, stopped_on, ends_on, terminates = line_stops(world)
    there = (lines.activated[line] <= stopped_on) & (departures.gone_on[line] > stopped_on)
    seen = there & (stopped_on <= timeline.until)
    reason = _REASONS.index("arrears")
    yield _made(world, line[seen], stopped_on[seen], events.STOP, reason, "stop")
    back = there & (terminates == 0) & (ends_on <= timeline.until) & (departures.gone_on[line] > ends_on)
    yield _made(world, line[back], ends_on[back], events.RESTORE, _REASONS.index("paid"), "restore")


def line_stops(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Line, stop day, end day and whether it ends in termination, one entry per line and stop."""
    stops, lines = world.stops.columns(), world.lines
    count = np.bincount(lines.account, minlength=lines.accounts)
    first = np.searchsorted(lines.account, np.arange(lines.accounts))
    per_stop = count[stops["line"]]
    which = np.repeat(np.arange(len(per_stop)), per_stop)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(per_stop) - per_stop, per_stop)
    line = (first[stops["line"]][which] + offset).astype(np.int32)
    return line, stops["stopped_on"][which], stops["ends_on"][which], stops["terminates"][which]


def service_contacts(world: World, identity: Identity) -> Iterator[Piece]:
    """`service-contacts` in order of time; one not closed by `until` is open."""
    columns = _within(world, world.contacts.columns())
    opened = instants(columns["day"], columns["second"])
    order = np.lexsort((columns["line"], opened))
    columns = {name: values[order] for name, values in columns.items()}
    opened = opened[order]
    closed = opened + columns["open_hours"].astype(np.int64) * 3600 + 600
    done = closed < instants(np.array([world.spec.timeline.until + 1]), np.array([0]))[0]
    answered = done & (columns["satisfaction"] > 0)
    trouble = np.isin(columns["kind"], (simulator_events.COMPLAINT, simulator_events.FAULT))
    yield from sliced(
        "service-contacts",
        table(
            "service-contacts",
            {
                "ticket_no": numbered("T", np.arange(len(order)), 10),
                "subscriber_no": identity.lines(columns["line"]),
                "opened_at": opened,
                "kind": choices(simulator_events.CONTACT_KINDS, columns["kind"]),
                "topic": choices(simulator_events.TOPICS, columns["topic"]),
                "severity": pa.array(columns["severity"], mask=~trouble),
                "closed_at": nullable_at(closed, done),
                "satisfaction": pa.array(columns["satisfaction"], mask=~answered),
            },
        ),
    )
