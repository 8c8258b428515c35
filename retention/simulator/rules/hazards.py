"""Chances of leaning towards leaving, and of leaving, from what is known at the start of a month."""

from typing import NamedTuple

import numpy as np

from retention.simulator.defaults import causes
from retention.simulator.defaults.catalogue import DATA_MB, DATA_RATE, FEE, MINUTES, VOICE_RATE
from retention.simulator.defaults.places import Climate
from retention.simulator.lines import NONE as NO_GROUP
from retention.simulator.lines import Lines
from retention.simulator.parameters import Spec
from retention.simulator.parties import AGENT_STORE, CAMPUS, ONLINE, OWN_HALL, TELESALES, People

NO_CONTRACT = np.int32(-1_000_000)
WON_GROUP_EFFECT = 0.8  # pull of a firm that a rival has won
HAZARD_SCALE = 1.35  # scales every cause alike so that voluntary churn is between 2 and 2.5 % a month
_SALES_QUALITY = np.zeros(6, dtype=np.float32)
_SALES_QUALITY[[OWN_HALL, AGENT_STORE, TELESALES, ONLINE, CAMPUS]] = (0.016, 0.065, 0.115, 0.055, 0.03)
_SEASON = np.array([0.95, 1.12, 1.12, 1.0, 0.95, 1.0, 1.05, 1.05, 1.1, 0.97, 0.93, 0.9], dtype=np.float32)
_MOVING = np.array([0.9, 1.6, 1.4, 0.9, 0.8, 1.3, 1.5, 1.2, 1.1, 0.8, 0.7, 0.8], dtype=np.float32)


def excess_spend(lines: Lines, plan: np.ndarray, growth: float) -> np.ndarray:
    """Expected spend beyond the plan fee, as a share of the fee (0 to 2.5)."""
    over_voice = np.maximum(lines.voice_out / 60 - MINUTES[plan], 0) * VOICE_RATE[plan]
    over_data = np.maximum(lines.data * growth - DATA_MB[plan], 0) * DATA_RATE[plan]
    return np.minimum(np.where(lines.mobile, (over_voice + over_data) / FEE[plan], 0), 2.5).astype(np.float32)


def bound_factor(days_left: np.ndarray) -> np.ndarray:
    """Factor of a running contract on the churn probability."""
    return np.where(days_left > 60, 0.3, np.where(days_left > 30, 0.6, 1.0)).astype(np.float32)


def _contract_pull(days_left: np.ndarray) -> np.ndarray:
    return np.select(
        [days_left == NO_CONTRACT, days_left > 30, days_left >= 0, days_left >= -31, days_left >= -92],
        [0.004, 0.0, 0.13, 0.10, 0.035],
        0.010,
    ).astype(np.float32)


class GroupRates(NamedTuple):
    """Rates of a month by line. drawn: with the draw known. Before the draw: calm, or WON with the chance `won`."""

    drawn: np.ndarray
    calm: np.ndarray
    won: np.ndarray


class Hazards:
    """Per-month rates of every cause for lines that do not lean yet, (cause, line)."""

    def __init__(self, spec: Spec, people: People, lines: Lines, climate: Climate) -> None:
        self._timeline, self._lines, self._climate = spec.timeline, lines, climate
        age = people.age(spec.timeline.until)[lines.customer]
        migrant = people.migrant[lines.customer]
        self._moving = np.where(migrant, 0.012, 0.0011).astype(np.float32)
        self._young = np.where((age < 35) & lines.mobile & ~lines.company, 0.0085, 0.0018).astype(np.float32)
        self._young *= lines.mobile
        self._line_factor = np.where(lines.mobile, 1.0, 0.55).astype(np.float32)
        self._line_factor[lines.company] *= 0.5

    def growth(self, month: int) -> float:
        return 1.01 ** (month - self._timeline.first)

    def rates(
        self, month: int, *, plan: np.ndarray, contract_end: np.ndarray, grievance: np.ndarray,
        group_pull: np.ndarray,
    ) -> np.ndarray:  # fmt: skip
        """Rates for `month`; climate is that of the month before, the calendar is known."""
        lines, timeline = self._lines, self._timeline
        start, calendar = timeline.start(month), timeline.calendar_month(month) - 1
        before = max(month - 1, 0)
        tenure = (start - lines.activated) / 30.4
        left = np.where(contract_end == NO_CONTRACT, NO_CONTRACT, contract_end - start)
        bound = bound_factor(left)
        care = self._line_factor * lines.frailty * _SEASON[calendar]
        settled = np.select([tenure < 12, tenure < 36, tenure < 84], [1.35, 1.1, 0.8], 0.55).astype(np.float32)
        trouble = self._climate.trouble[before][lines.district]
        offers = self._climate.offers[before][lines.city]
        rates = np.zeros((len(causes.CAUSES), len(lines)), dtype=np.float32)
        rates[causes.QUALITY] = self._quality(tenure) * care
        value = 1 + 1.9 * excess_spend(lines, plan, self.growth(month))
        rates[causes.PRICE] = 0.0150 * lines.price_sense * offers * value * bound * care * settled
        rates[causes.CONTRACT_END] = _contract_pull(left) * (0.5 + 0.5 * lines.price_sense) * care * settled
        rates[causes.NETWORK] = 0.0260 * lines.network_sense * (trouble - 0.06) * bound * care
        rates[causes.SERVICE] = 0.080 * np.minimum(grievance, 5) * bound**0.5 * care
        rates[causes.MOVER] = self._moving * _MOVING[calendar]
        rates[causes.GROUP] = group_pull
        rates[causes.SECOND_SIM] = self._young * (0.4 + 0.6 * offers) * lines.frailty
        rates *= np.float32(HAZARD_SCALE)
        rates[:, tenure < 0] = 0
        return rates

    def sudden(self, rates: np.ndarray) -> np.ndarray:
        """Churn probability in the month without having leaned."""
        return 1 - np.exp(-(causes.SUDDEN @ rates))

    def sudden_foreseen(self, rates: np.ndarray, pull: GroupRates) -> np.ndarray:
        """The same chance before the draw of the firms that a rival wins this month."""
        group = causes.SUDDEN[causes.GROUP]
        others = causes.SUDDEN @ rates - group * rates[causes.GROUP]
        calm, won = (
            1 - np.exp(-(others + group * HAZARD_SCALE * of_group)) for of_group in (pull.calm, WON_GROUP_EFFECT)
        )
        return (1 - pull.won) * calm + pull.won * won

    def _quality(self, tenure: np.ndarray) -> np.ndarray:
        """Sales quality acts in the first half year, most when the joining promotion ends."""
        lines = self._lines
        shape = np.select([tenure < 2, tenure < 5, tenure < 8], [0.45, 1.0, 0.4], 0.0)
        pushed = np.where(lines.promotion == 1, 1.9, np.where(lines.promotion == 2, 1.15, 0.65))
        return np.where(lines.mobile, shape * pushed * _SALES_QUALITY[lines.channel], shape * 0.004)

    def leaving_when_leaning(
        self, month: int, cause: np.ndarray, contract_end: np.ndarray, depth: np.ndarray
    ) -> np.ndarray:
        """Chance that a leaner leaves in `month`; deeper withdrawal and no contract raise it."""
        left = np.where(contract_end == NO_CONTRACT, NO_CONTRACT, contract_end - self._timeline.start(month))
        held = np.where(np.isin(cause, (causes.MOVER, causes.GROUP)), 1.0, bound_factor(left) ** 0.5)
        withdrawn = np.clip(1.55 - 0.9 * depth, 0.6, 1.5)
        return np.minimum(causes.LEAVES[cause] * held * withdrawn, 0.85).astype(np.float32)

    def recovering(self, month: int, cause: np.ndarray) -> np.ndarray:
        """Chance that a leaner recovers; a repaired network raises it."""
        calm = self._climate.trouble[max(month - 1, 0)][self._lines.district] < 0.3
        repaired = np.where((cause == causes.NETWORK) & calm, 0.2, 0.0)
        return causes.RECOVERS[cause] + repaired


class GroupEffect:
    """Effect of a group: a firm that a rival has won, or members of the household who have left already."""

    def __init__(self, spec: Spec, lines: Lines) -> None:
        self._lines = lines
        self._member = lines.group != NO_GROUP
        self._size = np.maximum(np.bincount(lines.group[self._member], minlength=lines.groups), 1)
        self._hot = np.zeros(lines.groups, dtype=np.int8)
        city = np.zeros(lines.groups, dtype=np.int16)
        city[lines.group[self._member]] = lines.city[self._member]
        self._city = city

    def next_month(self, draw: np.ndarray, offers: np.ndarray, left_recently: np.ndarray) -> GroupRates:
        """For the coming month; `draw` is uniform per group, `left_recently` per line."""
        lines = self._lines
        if not lines.groups:
            return GroupRates(*np.zeros((3, len(lines)), dtype=np.float32))
        self._hot = np.maximum(self._hot - 1, 0).astype(np.int8)
        chance = np.where(lines.group_is_family, 0, 0.015 * offers[self._city])
        gone = np.bincount(lines.group[self._member & left_recently], minlength=lines.groups) / self._size
        calm = np.where(self._hot > 0, WON_GROUP_EFFECT, np.where(lines.group_is_family, 0.30, 0.15) * gone)
        self._hot[draw < chance] = 2
        drawn = np.where(self._hot > 0, WON_GROUP_EFFECT, calm)
        return GroupRates(*(self._by_line(of_group) for of_group in (drawn, calm, chance)))

    def _by_line(self, of_group: np.ndarray) -> np.ndarray:
        found = np.zeros(len(self._lines), dtype=np.float32)
        found[self._member] = of_group[self._lines.group[self._member]]
        return found
