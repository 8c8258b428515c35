"""Expected result of a campaign over chosen lines: contacts that pay, margin kept, whether any campaign pays.

Pure: columns in, figures out.
"""

from dataclasses import dataclass

import numpy as np

from analytics.valuation.rules.economics import BANDS, COHORTS, KINDS, LINE_TYPES, Economics, Lines

# Approximate number of points of the curve.
CURVE_POINTS = 50
BEST = "best"


@dataclass(frozen=True)
class PlannedCampaign:
    """The first `contacts` lines in order of gain. kept: margin of the lines saved, discounted; revenue: the same
    before the margin share; all in yuan."""

    contacts: int
    saved: float
    revenue: float
    kept: float
    cost: float

    @property
    def net(self) -> float:
        return self.kept - self.cost


@dataclass(frozen=True)
class CampaignPlan:
    """lines: chosen. paying: contacts whose expected gain is above zero. asked: the campaign of the requested list
    length; best: that of all contacts that pay. curve: (list length, net yuan). break_even: the churn probability above
    which a contact pays for a line of median value and tenure, None where none pays. top: the best gain of one
    contact. harmful: share of the lines whose treatment raises the churn probability. by_chance: net of the same number
    of lines chosen at random."""

    lines: int
    paying: int
    asked: PlannedCampaign
    best: PlannedCampaign
    curve: list[tuple[int, float]]
    by_chance: float
    break_even: float | None
    top: float
    harmful: float


def plan_campaign(*, economics: Economics, lines: Lines, treatment: str, calls: int) -> CampaignPlan:
    """treatment: a TreatmentKind, or BEST for the best one of each line. calls: the available number of contacts."""
    count = len(lines.probability)
    if not count:
        return CampaignPlan(0, 0, EMPTY_CAMPAIGN, EMPTY_CAMPAIGN, [], 0.0, None, 0.0, 0.0)
    cell = economics.cells(lines)
    at_stake = economics.at_stake(lines, cell)
    kind, gain = _treated(economics, lines, treatment, at_stake, cell)
    chosen = _TreatedLines(economics, lines.probability, at_stake, cell, kind)
    asked = min(max(calls, 0), count)
    # No full sort, which would cost more than all the rest: sums do not depend on the order within the list.
    first = np.argpartition(-gain, asked - 1)[:asked] if 0 < asked < count else np.arange(asked)
    paying = np.flatnonzero(gain > 0)
    net = np.cumsum(np.sort(gain)[::-1], dtype=np.float64)
    lengths = [*range(0, count, _step(count)), count]
    return CampaignPlan(
        lines=count,
        paying=len(paying),
        asked=chosen.campaign(first),
        best=chosen.campaign(paying),
        curve=[(length, float(net[length - 1]) if length else 0.0) for length in lengths],
        by_chance=float(net[-1] / count * asked),
        break_even=chosen.break_even(),
        top=float(gain.max()),
        harmful=float((economics.save_by_cell[kind, cell] < 0).mean()),
    )


@dataclass(frozen=True)
class CampaignList:
    """The lines of a campaign, the highest gain first. place: indexes into the lines; kind: of the treatment, in KINDS;
    gain: yuan. All of equal length."""

    place: np.ndarray
    kind: np.ndarray
    gain: np.ndarray


def campaign_list(*, economics: Economics, lines: Lines, treatment: str, calls: int | None) -> CampaignList:
    """The lines behind a plan: the first `calls` (`asked`), or with None all that pay (`paying`)."""
    cell = economics.cells(lines)
    kind, gain = _treated(economics, lines, treatment, economics.at_stake(lines, cell), cell)
    place = np.argsort(-gain, kind="stable")
    place = place[: int((gain > 0).sum())] if calls is None else place[:calls]
    return CampaignList(place, kind[place], gain[place])


def _treated(
    economics: Economics, lines: Lines, treatment: str, at_stake: np.ndarray, cell: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(treatment, gain in yuan) of each line."""
    if treatment == BEST:
        return economics.best(lines)
    place = KINDS.index(treatment)
    return np.full(len(cell), place, dtype=np.int8), economics.gain_of(at_stake, cell, place)


def _step(count: int) -> int:
    """The round number (1, 2 or 5 times a power of ten) that divides the list into about CURVE_POINTS parts."""
    wanted = max(1.0, count / CURVE_POINTS)
    power = 10 ** int(np.log10(wanted))
    return int(next(power * part for part in (1, 2, 5, 10) if power * part >= wanted))


EMPTY_CAMPAIGN = PlannedCampaign(0, 0.0, 0.0, 0.0, 0.0)
# The median of a sample of this size is precise enough.
MEDIAN_SAMPLE = 100_000


@dataclass(frozen=True)
class _TreatedLines:
    """Lines with the treatment assigned to each."""

    economics: Economics
    probability: np.ndarray
    at_stake: np.ndarray
    cell: np.ndarray
    kind: np.ndarray

    def campaign(self, which: np.ndarray) -> PlannedCampaign:
        """which: indexes of lines."""
        cell, kind = self.cell[which], self.kind[which]
        rate = self.economics.save_by_cell[kind, cell]
        kept = self.at_stake[which] * rate
        margin = self.economics.margin_by_cell[cell]
        revenue = np.divide(kept, margin, out=np.zeros_like(kept), where=margin > 0)
        return PlannedCampaign(
            contacts=len(which),
            saved=float((self.probability[which] * rate).sum(dtype=np.float64)),
            revenue=float(revenue.sum(dtype=np.float64)),
            kept=float(kept.sum(dtype=np.float64)),
            cost=float(self.economics.cost_by_cell[kind, cell].sum(dtype=np.float64)),
        )

    def break_even(self) -> float | None:
        """The median of the probabilities at which each line's contact breaks even."""
        few = slice(None, None, max(1, len(self.cell) // MEDIAN_SAMPLE))
        cell, kind, chance = self.cell[few], self.kind[few], self.probability[few].astype(np.float64)
        value = np.divide(self.at_stake[few], chance, out=np.zeros_like(chance), where=chance > 0)
        stake = self.economics.save_by_cell[kind, cell] * value
        cost = self.economics.cost_by_cell[kind, cell].astype(np.float64)
        needed = np.divide(cost, stake, out=np.full(len(stake), np.inf), where=stake > 0)
        middle = float(np.median(needed))
        return middle if middle <= 1 else None


@dataclass(frozen=True)
class ValueSegment:
    """One cohort and band: the treatment with the highest total gain over its paying contacts."""

    cohort: str
    band: str
    lines: int
    chance: float
    kind: str
    paying: int
    net: float
    top: float


def value_segments(*, economics: Economics, lines: Lines) -> list[ValueSegment]:
    """Every segment with lines and its best single treatment, highest gain first."""
    cell = economics.cells(lines)
    at_stake = economics.at_stake(lines, cell)
    size = len(COHORTS) * len(BANDS)
    chance = (
        np.bincount(cell, weights=lines.probability, minlength=len(LINE_TYPES) * size).reshape(-1, size).sum(axis=0)
    )
    # Within a cell all lines share save rate and cost: after one sort by value at stake, each treatment is a look-up.
    order = np.argsort(cell, kind="stable")
    bounds = np.searchsorted(cell[order], np.arange(len(LINE_TYPES) * size + 1))
    grouped = at_stake[order]
    tried = [[_TreatmentTotals() for _kind in KINDS] for _segment in range(size)]
    counts = [0] * size
    for number in range(len(LINE_TYPES) * size):
        stakes = np.sort(grouped[bounds[number] : bounds[number + 1]])[::-1]
        counts[number % size] += len(stakes)
        sums = np.cumsum(stakes, dtype=np.float64)
        for kind, total in enumerate(tried[number % size]):
            total.add(
                stakes,
                sums,
                float(economics.save_by_cell[kind, number]),
                float(economics.cost_by_cell[kind, number]),
            )
    found = []
    for segment in range(size):
        if counts[segment]:
            kind, best = max(enumerate(tried[segment]), key=lambda one: (one[1].net, one[1].top))
            found.append(
                ValueSegment(
                    COHORTS[segment // len(BANDS)],
                    BANDS[segment % len(BANDS)],
                    counts[segment],
                    float(chance[segment] / counts[segment]),
                    KINDS[kind],
                    best.paying,
                    best.net,
                    best.top,
                )
            )
    return sorted(found, key=lambda row: (-row.net, -row.top))


@dataclass
class _TreatmentTotals:
    """One treatment of a segment, cell by cell."""

    paying: int = 0
    net: float = 0.0
    top: float = -np.inf

    def add(self, stakes: np.ndarray, sums: np.ndarray, rate: float, cost: float) -> None:
        """stakes: values at stake of a cell, largest first; sums: their cumulative sums."""
        if not len(stakes):
            return
        best = stakes[0] if rate > 0 else stakes[-1]
        self.top = max(self.top, float(best) * rate - cost)
        if rate > 0:
            paying = int(np.searchsorted(-stakes, -cost / rate, side="left"))
            if paying:
                self.paying += paying
                self.net += float(sums[paying - 1]) * rate - cost * paying
