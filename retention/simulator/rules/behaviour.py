"""The month-by-month life of every line: lean, withdraw, then leave, turn back or go silent.

Within a month the order is: chances from what is known at its start, leaving, turning back, leaning,
use, and then the effects of use and mood (stops, complaints, renewals, plan changes).
"""

from collections.abc import Sequence

import numpy as np

from retention.simulator.defaults import causes
from retention.simulator.defaults.catalogue import POLICY_DISCOUNT
from retention.simulator.defaults.places import build_climate, build_places
from retention.simulator.history import FORWARDING, RIVAL_HOTLINE, Departures, History, World
from retention.simulator.lines import NEVER, build_lines
from retention.simulator.parameters import Spec
from retention.simulator.parties import build_people
from retention.simulator.randomness import normal, stream, uniform
from retention.simulator.rules.events import LifeCycleEvents, ServiceContacts
from retention.simulator.rules.hazards import GroupEffect, Hazards
from retention.simulator.rules.holdings import Contracts, Products
from retention.simulator.rules.payments import Arrears
from retention.simulator.rules.treatments import Treatment, Treatments


def simulate(spec: Spec, treatments: Sequence[Treatment] = ()) -> World:
    """The whole operator: static people and lines, then every month from burn-in to the hidden future."""
    return _Simulation(spec, treatments).run()


class _Simulation:
    def __init__(self, spec: Spec, treatments: Sequence[Treatment]) -> None:
        self.spec, self.timeline = spec, spec.timeline
        self.places = build_places()
        self.climate = build_climate(spec, self.places)
        self.people = build_people(spec, self.places)
        self.lines = build_lines(spec, self.people, self.places)
        size = len(self.lines)
        self.treatments = Treatments(spec, size, treatments)
        self.history = History.empty(self.timeline.months, size)
        self.departures = Departures.open(size)
        self.departures.quiet_from[self.lines.dormant] = 0
        self.hazards = Hazards(spec, self.people, self.lines, self.climate)
        self.group_pull = GroupEffect(spec, self.lines)
        self.arrears = Arrears(spec, self.lines)
        self.contracts = Contracts(spec, self.lines)
        self.contact_log = ServiceContacts(spec, self.lines, self.climate)
        self.products = Products(spec, self.lines)
        self.life_cycle = LifeCycleEvents(spec, self.lines)
        self.cause = np.zeros(size, dtype=np.uint8)
        self.stage = np.zeros(size, dtype=np.uint8)
        self.depth = np.ones(size, dtype=np.float32)
        self.mood = np.zeros(size, dtype=np.float32)
        self.dip = np.ones(size, dtype=np.float32)
        self.forwarding = np.zeros(size, dtype=bool)
        rng = stream(spec.seed, "temper")
        self.openness = np.clip(0.45 + 1.1 * uniform(rng, size), 0, 1)  # effect of leaning on use

    def run(self) -> World:
        for month in range(self.timeline.months):
            self._step(month)
        return World(
            spec=self.spec,
            places=self.places,
            climate=self.climate,
            people=self.people,
            lines=self.lines,
            history=self.history,
            departures=self.departures,
            plan_now=self.life_cycle.plan_now,
            events=self.life_cycle.event_log,
            contacts=self.contact_log.contacts,
            contracts=self.contracts.contracts,
            stops=self.arrears.stops,
            products=self.products.slots,
        )

    def _step(self, month: int) -> None:
        start, end = self.timeline.start(month), self.timeline.end(month)
        real = month >= self.timeline.first
        present = (self.lines.activated <= end) & (self.departures.gone_on > start)
        using = present & (self.departures.quiet_from > start)
        stopped = self.arrears.stopped_at(start)[self.lines.account]
        free = using & (self.lines.activated < start) & ~stopped
        leaves = self._leave(month, free, real)
        self._lean(month, free & ~leaves, leaves)
        self._withdraw(month, leaves)
        self._use(month, using)
        if real:
            self._end_otherwise(month, using)
        starts_forwarding = self._signal(month, using)
        self.contact_log.step(month, using, self.departures.quiet_from, self.life_cycle.plan, self.cause)
        active = using & (self.departures.quiet_from > end)
        self.history.plan[month] = self.life_cycle.plan
        if real:
            self.life_cycle.step(month, active, self.cause, self.lines.roamer, starts_forwarding)
        bound = self.contracts.ends_on >= start
        self.history.discount[month] = np.where(bound, POLICY_DISCOUNT[self.contracts.policy], 0)
        self.contracts.step(month, self.cause == causes.NONE, active)
        self.products.step(month, (self.cause != causes.NONE) & active)

    def _leave(self, month: int, free: np.ndarray, real: bool) -> np.ndarray:
        """Lines that leave by choice this month; draws also the cause each line would lean for next."""
        rng = stream(self.spec.seed, "leave", month)
        size = len(free)
        before = max(month - 1, 0)
        recent = (self.departures.left_on >= self.timeline.start(before)) & (self.departures.left_on != NEVER)
        pull = self.group_pull.next_month(uniform(rng, self.lines.groups), self.climate.offers[before], recent)
        rates = self.hazards.rates(
            month,
            plan=self.life_cycle.plan,
            contract_end=self.contracts.ends_on,
            grievance=self.contact_log.grievance,
            group_pull=pull.drawn,
        )
        leaning = self.cause != causes.NONE
        slow = self.hazards.leaving_when_leaning(month, self.cause, self.contracts.ends_on, self.depth)
        chance = np.where(leaning, slow, self.hazards.sudden(rates)) * free
        likely = _draw_cause(uniform(rng, size), rates)
        self.history.hazard[month] = chance
        self.history.foreseen[month] = np.where(leaning, slow, self.hazards.sudden_foreseen(rates, pull)) * free
        self.history.main_cause[month] = np.where(leaning, self.cause, likely)
        self._lean_rates = rates
        self._likely = likely
        leaves = uniform(rng, size) < chance
        where = np.flatnonzero(leaves)
        if real:
            day = self.timeline.start(month) + (self.timeline.length(month) * uniform(rng, len(where))).astype(np.int32)
            kept = self.treatments.kept(month, where, day, self.history.main_cause[month][where])
            leaves[where[kept]] = False
            self._record_leaving(month, rng, where[~kept], day[~kept])
        else:  # no line leaves in burn-in: the base at the start of the history are the survivors
            self.cause[where], self.stage[where] = causes.NONE, 0
        return leaves

    def _record_leaving(self, month: int, rng: np.random.Generator, where: np.ndarray, day: np.ndarray) -> None:
        departures, size = self.departures, len(where)
        cause = self.history.main_cause[month][where]
        draw = uniform(rng, size)
        mobile = self.lines.mobile[where]
        ports = np.where(mobile, causes.PORTS[cause], 0)
        ends = np.where(mobile, causes.PORTS[cause] + causes.TERMINATES[cause], 0.88)
        way = np.where(draw < ports, causes.PORT_OUT, np.where(draw < ends, causes.VOLUNTARY, causes.SILENT))
        fades = np.where(way == causes.VOLUNTARY, (6 * uniform(rng, size)).astype(np.int32), 0)
        departures.left_on[where], departures.cause[where], departures.exit[where] = day, cause, way
        departures.quiet_from[where] = np.maximum(day - fades, self.timeline.start(month))
        formal = where[way != causes.SILENT]
        departures.gone_on[formal] = departures.left_on[formal]
        self.life_cycle.departure_requests(month, where, day, way)

    def _lean(self, month: int, free: np.ndarray, leaves: np.ndarray) -> None:
        """Leaners turn back or lean on; content lines begin to lean. Movers take all lines along."""
        rng = stream(self.spec.seed, "lean", month)
        size = len(free)
        leaning = self.cause != causes.NONE
        back = leaning & ~leaves & (uniform(rng, size) < self.hazards.recovering(month, self.cause))
        rates = self._lean_rates * (1 - causes.SUDDEN)[:, None]
        moving = 1 - np.exp(-rates[causes.MOVER])
        rates[causes.MOVER] = 0
        moves = uniform(rng, len(self.people))[self.lines.customer] < moving
        begins = uniform(rng, size) < 1 - np.exp(-rates.sum(axis=0))
        begins = free & ~leaning & (begins | moves)
        self.stage[leaning] += 1
        self.cause[back], self.stage[back] = causes.NONE, 0
        cause = np.where(moves, causes.MOVER, _draw_cause(uniform(rng, size), rates))
        self.cause[begins], self.stage[begins] = cause[begins], 1
        self.stage[leaves & (self.stage == 0)] = 1  # a sudden leaver's last month is its first sign

    def _withdraw(self, month: int, leaves: np.ndarray) -> None:
        rng = stream(self.spec.seed, "withdraw", month)
        size = len(leaves)
        leaning = self.cause != causes.NONE
        first = leaning & (self.stage == 1)
        step = np.where(first, 0.48 + 0.40 * uniform(rng, size), 0.45 + 0.40 * uniform(rng, size))
        deeper = self.depth * (1 - (1 - step) * self.openness)
        self.depth = np.where(leaning, deeper, self.depth + 0.7 * (1 - self.depth)).astype(np.float32)

    def _use(self, month: int, using: np.ndarray) -> None:
        """Activity: a slow individual trend, harmless dips and rises, and the withdrawal of leaners."""
        rng = stream(self.spec.seed, "use", month)
        size = len(using)
        self.mood = (0.75 * self.mood + 0.085 * normal(rng, size)).astype(np.float32)
        over = uniform(rng, size) < 0.62
        self.dip = np.where(over, 1.0, self.dip).astype(np.float32)
        draw = uniform(rng, size)
        self.dip = np.where(draw < 0.018, 0.35 + 0.45 * uniform(rng, size), self.dip)
        self.dip = np.where(draw > 0.985, 1.2 + 0.5 * uniform(rng, size), self.dip).astype(np.float32)
        false = np.where(self.lines.false_until < NEVER, 0.12, 1.0)
        activity = np.exp(self.mood) * self.dip * self.depth * false
        self.history.activity[month] = np.where(using, np.minimum(activity, 6), 0)
        self.history.outward[month] = self.depth ** (np.maximum(causes.OUTGOING[self.cause], 1) - 1)
        self.history.stage[month], self.history.cause[month] = self.stage, self.cause

    def _end_otherwise(self, month: int, using: np.ndarray) -> None:
        """Arrears, false users found out, and other involuntary ends."""
        timeline, lines = self.timeline, self.lines
        account_uses = np.zeros(lines.accounts, dtype=bool)
        account_uses[lines.account[using]] = True
        self.arrears.step(month, account_uses)
        first, last = self.arrears.span_within(month)
        self.history.stop_from[month], self.history.stop_to[month] = first[lines.account], last[lines.account]
        end = self.arrears.ends_on[lines.account]
        unpaid = self.arrears.terminates[lines.account] & (end >= timeline.start(month))
        unpaid &= end <= timeline.end(month)
        self._terminate(np.flatnonzero(unpaid), end, causes.ARREARS)
        false = (lines.false_until >= timeline.start(month)) & (lines.false_until <= timeline.end(month))
        self._terminate(np.flatnonzero(false), lines.false_until, causes.FALSE_USER)
        rng = stream(self.spec.seed, "other", month)
        day = timeline.start(month) + (timeline.length(month) * uniform(rng, len(lines))).astype(np.int32)
        other = using & (uniform(rng, len(lines)) < 0.0003)
        self._terminate(np.flatnonzero(other), day, causes.OTHER)

    def _terminate(self, where: np.ndarray, day: np.ndarray, reason: int) -> None:
        """Ends the lines that are still there on their day (joined before it, not gone)."""
        departures = self.departures
        where = where[(departures.gone_on[where] > day[where]) & (self.lines.activated[where] < day[where])]
        departures.gone_on[where] = day[where]
        undone = where[departures.left_on[where] >= day[where]]  # a choice that would have come later that month
        departures.left_on[undone], departures.cause[undone] = NEVER, causes.NONE
        departures.exit[undone] = reason
        departures.quiet_from[where] = np.minimum(departures.quiet_from[where], day[where])

    def _signal(self, month: int, using: np.ndarray) -> np.ndarray:
        """Forwarding to rivals and calls to their hotlines; returns who starts to forward."""
        rng = stream(self.spec.seed, "signals", month)
        size = len(using)
        leaning, mobile = self.cause != causes.NONE, self.lines.mobile
        begins = leaning & (self.stage <= 2) & (uniform(rng, size) < 0.6 * causes.FORWARDS[self.cause])
        begins |= ~leaning & (uniform(rng, size) < 0.0022)
        begins &= mobile & using & ~self.forwarding
        self.forwarding = (self.forwarding & (leaning | (uniform(rng, size) < 0.5))) | begins
        rival = leaning & ~np.isin(self.cause, (causes.MOVER, causes.SECOND_SIM))
        curious = 0.016 * self.climate.offers[month][self.lines.city]
        calls = mobile & using & (uniform(rng, size) < np.where(rival, 0.33, curious))
        self.history.signals[month] = self.forwarding * FORWARDING + calls * RIVAL_HOTLINE
        return begins


def _draw_cause(draw: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """A cause for each line in proportion to its rates, NONE where all are zero."""
    edges = np.cumsum(rates, axis=0)
    total = edges[-1]
    drawn = (edges <= draw * total).sum(axis=0).astype(np.uint8)
    return np.where(total > 0, np.minimum(drawn, len(rates) - 1), causes.NONE).astype(np.uint8)
