"""Customers: individuals in households, enterprises and government offices."""

from dataclasses import dataclass, fields

import numpy as np

from retention.simulator.defaults.catalogue import BROADBAND, FIXED, IPTV, LINE_TYPES, MOBILE, WIRELESS
from retention.simulator.defaults.places import Places
from retention.simulator.parameters import Spec
from retention.simulator.randomness import normal, pick, stream, uniform

INDIVIDUAL, ENTERPRISE, GOVERNMENT = range(3)
KINDS = ("individual", "enterprise", "government")
CHANNELS = ("own_hall", "agent_store", "telesales", "online", "campus", "enterprise_manager")
OWN_HALL, AGENT_STORE, TELESALES, ONLINE, CAMPUS, ENTERPRISE_MANAGER = range(6)

MONTHLY_INFLOW = 0.024
_ENTERPRISE_SHARE = 0.011  # of customers; about a tenth of the lines
_ENGLISH_SHARE = 0.15


@dataclass
class People:
    """One entry per customer. `lines_of` is (line type, customer): how many lines of each type."""

    kind: np.ndarray
    household: np.ndarray  # id; an enterprise is its own household
    outlet: np.ndarray
    birth: np.ndarray  # day number
    female: np.ndarray
    english: np.ndarray
    migrant: np.ndarray
    channel: np.ndarray
    newcomer: np.ndarray  # joins during the history
    opted_out: np.ndarray
    lines_of: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)

    def first(self, count: int) -> "People":
        return People(**{field.name: getattr(self, field.name)[..., :count] for field in fields(self)})

    def age(self, on: int) -> np.ndarray:
        return ((on - self.birth) / 365.25).astype(np.float32)


def newcomer_share(spec: Spec) -> float:
    """Share of all subscribers ever present who join during the history."""
    months = (spec.timeline.until - spec.timeline.history_start + 1) / 30.4
    return MONTHLY_INFLOW * months / (1 + MONTHLY_INFLOW * months)


def build_people(spec: Spec, places: Places) -> People:
    """Enough customers for the requested number of lines (the last one may be cut short later)."""
    size = int(spec.subscribers / 1.6) + 50
    while True:
        people = _draw(spec, places, size)
        reached = np.cumsum(people.lines_of.sum(axis=0))
        if reached[-1] >= spec.subscribers:
            return people.first(int(np.searchsorted(reached, spec.subscribers)) + 1)
        size = int(size * 1.3) + 50


def _draw(spec: Spec, places: Places, size: int) -> People:
    rng = stream(spec.seed, "people")
    kind = pick(rng, size, [1 - _ENTERPRISE_SHARE, _ENTERPRISE_SHARE * 0.85, _ENTERPRISE_SHARE * 0.15])
    company = kind != INDIVIDUAL
    opens = (uniform(rng, size) < 0.6) | company
    opens[1:] |= company[:-1]
    opens[0] = True
    household = (np.cumsum(opens) - 1).astype(np.int32)
    edges = np.cumsum(places.outlet_weights) / places.outlet_weights.sum()
    home = np.searchsorted(edges, rng.random(size), side="right").clip(max=len(edges) - 1).astype(np.int16)
    age = 16 + np.minimum(np.abs(24 + 15 * normal(rng, size)), 68 + 6 * uniform(rng, size))
    migrant = (uniform(rng, size) < np.where(age < 45, 0.22, 0.07)) & ~company
    channel = pick(rng, size, [0.36, 0.3, 0.12, 0.22])
    channel[(age < 24) & (uniform(rng, size) < 0.45)] = CAMPUS
    channel[company] = ENTERPRISE_MANAGER
    newcomer = uniform(rng, size) < np.where(company, 0.5, 0.88) * newcomer_share(spec)
    return People(
        kind=kind,
        household=household,
        outlet=home[household],
        birth=(spec.timeline.until - age * 365.25).astype(np.int32),
        female=uniform(rng, size) < 0.49,
        english=(uniform(rng, size) < _ENGLISH_SHARE) & ~company,
        migrant=migrant,
        channel=channel,
        newcomer=newcomer,
        opted_out=uniform(rng, size) < 0.015,
        lines_of=_line_counts(rng, spec, company, age, migrant),
    )


def _line_counts(
    rng: np.random.Generator, spec: Spec, company: np.ndarray, age: np.ndarray, migrant: np.ndarray
) -> np.ndarray:
    size = len(company)
    counts = np.zeros((len(LINE_TYPES), size), dtype=np.int16)
    counts[MOBILE] = 1 + pick(rng, size, [0.81, 0.165, 0.025])
    counts[BROADBAND] = uniform(rng, size) < np.where(migrant | (age < 23), 0.14, 0.34)
    counts[IPTV] = (counts[BROADBAND] > 0) & (uniform(rng, size) < 0.4)
    counts[FIXED] = uniform(rng, size) < np.where(age > 55, 0.14, 0.04)
    counts[WIRELESS] = uniform(rng, size) < np.where(age > 50, 0.05, 0.015)
    largest = min(300, max(3, spec.subscribers // 40))
    staff = np.clip(np.exp(2.0 + 1.05 * normal(rng, size)), 2, largest).astype(np.int16)
    counts[MOBILE] = np.where(company, staff, counts[MOBILE])
    counts[BROADBAND] = np.where(company, 1 + staff // 25, counts[BROADBAND])
    counts[FIXED] = np.where(company, staff // 6, counts[FIXED])
    counts[IPTV][company] = 0
    counts[WIRELESS][company] = 0
    return counts
