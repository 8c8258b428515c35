"""Expected gain of a contact: churn probability x share saved x value of the line - cost, with the best treatment.

    gain = max over treatments k of   p x s(k, segment) x value - contact cost - acceptance(k) x offer cost(k)

A segment is a tenure cohort and a value band. The gain is negative where every contact costs more than it is expected
to keep, or makes the customer more likely to leave.

The value is the margin lifetime value, today's money of the margin that a saved line is expected to bring:

    value = spend a month x margin share x M,   M = sum over t = 0..T-1 of S(t) / (1 + d)^t

d is the monthly discount rate, (1 + yearly)^(1/12) - 1, T the horizon, and S(t) the chance that the line is still
active after t months: the product of (1 - h) over the months before, h being the monthly churn rate of the cohort in
which the line then is. A line begins in the middle of its cohort (3 months before the next) and moves on through the
later ones. This is the margin multiple of the contractual setting (Berger & Nasr, J. Interactive Marketing 12(1), 1998,
case 1; Gupta & Lehmann, J. Interactive Marketing 17(1), 2003) with the retention rate of each month in place of a
constant one, and the first month counted whole, because a saved line pays it. The churn rate is multiplied by
`saved_leaves`, because a line that was about to leave once leaves sooner than others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from analytics.valuation.defaults import DEFAULT_TREATMENTS
from analytics.valuation.models import Experiment, LeavingRate, Treatment, TreatmentKind, ValueTerms
from analytics.valuation.rules.save_rates import Arms, Prior, SaveRate, save_rate
from customers.facts.models import LineType
from customers.fields.cohorts import COHORT_MONTHS, COHORTS, DAYS_A_MONTH
from customers.fields.spend import BANDS

if TYPE_CHECKING:
    import pandas as pd

KINDS = tuple(TreatmentKind.values)
LINE_TYPES = tuple(LineType.values)
# An unknown cohort counts as the one of longest tenure, an unknown line type as the first.
UNKNOWN_COHORT, UNKNOWN_TYPE = len(COHORTS) - 1, 0
# Weight of the configured rate against the observed one, in line-months.
PRIOR_LINE_MONTHS = 500.0


def expected_months(
    *, cohort: str, leaving: Mapping[str, float], discount_a_year: float, horizon: int, times: float
) -> float:
    """M of the module docstring. leaving: {cohort: monthly churn rate}, 0 to 1; times: `saved_leaves`."""
    return sum(
        month_weights(cohort=cohort, leaving=leaving, discount_a_year=discount_a_year, horizon=horizon, times=times)
    )


def month_weights(
    *, cohort: str, leaving: Mapping[str, float], discount_a_year: float, horizon: int, times: float
) -> list[float]:
    """S(t) / (1 + d)^t of the module docstring for each month of the horizon."""
    discount = (1 + discount_a_year) ** (1 / 12)
    found, alive = [], 1.0
    for month in range(horizon):
        found.append(alive / discount**month)
        alive *= 1 - min(1.0, leaving[_cohort_at(cohort, month)] * times)
    return found


def _cohort_at(start: str, month: int) -> str:
    """The cohort of a line `month` months after it stood in the middle of `start`."""
    place = COHORTS.index(start)
    left = COHORT_MONTHS.get(start, 0) // 2
    while COHORTS[place] in COHORT_MONTHS and month >= left:
        place += 1
        left += COHORT_MONTHS.get(COHORTS[place], 0)
    return COHORTS[place]


def monthly_churn_rate(*, leavers: int, line_days: int, configured: float) -> float:
    """Leavers per line-month, shrunk towards the configured rate where few line-months are observed."""
    months = line_days / DAYS_A_MONTH
    return (leavers + PRIOR_LINE_MONTHS * configured) / (months + PRIOR_LINE_MONTHS)


@dataclass(frozen=True)
class Lines:
    """Lines as columns of equal length; cohort and line_type are indexes into COHORTS and LINE_TYPES."""

    probability: np.ndarray
    spend: np.ndarray
    cohort: np.ndarray
    line_type: np.ndarray


@dataclass(frozen=True)
class Economics:
    """All assumptions as tables, read once. margin, contact_cost, edges: by line type; months: line type x cohort;
    save: kind x cohort x band; offer_cost: what the offer costs for each contact, by kind. rates: the same as `save`
    with intervals and where they come from, by (kind, cohort, band)."""

    margin: np.ndarray
    contact_cost: np.ndarray
    edges: np.ndarray
    months: np.ndarray
    save: np.ndarray
    offer_cost: np.ndarray
    rates: Mapping[tuple[str, str, str], SaveRate]

    @classmethod
    def current(cls) -> Self:
        """From the current rows, default values where there is none; four small queries."""
        terms = assumptions_by_type()
        treatments = treatments_by_kind()
        tests = tests_by_kind()
        rates = {
            (kind, cohort, band): save_rate(prior_of(treatments[kind]), tests.get(kind, ()), cohort=cohort, band=band)
            for kind in KINDS for cohort in COHORTS for band in BANDS
        }  # fmt: skip
        return cls(
            margin=np.array([terms[one].margin for one in LINE_TYPES]),
            contact_cost=np.array([float(terms[one].contact_cost) for one in LINE_TYPES]),
            edges=np.array([[float(edge) for edge in terms[one].edges] for one in LINE_TYPES]),
            months=_months(terms),
            save=np.array([[[rates[k, c, b].rate for b in BANDS] for c in COHORTS] for k in KINDS]),
            offer_cost=np.array([treatments[k].acceptance * float(treatments[k].offer_cost) for k in KINDS]),
            rates=rates,
        )

    def expected_gain(self, probability: np.ndarray, frame: "pd.DataFrame") -> np.ndarray:
        """Yuan per contact with the best treatment for each line.

        frame: tenure_cohort, line_type, monthly_spend (yuan); blanks allowed. probability: of leaving, 0 to 1.
        """
        return np.round(self.best(as_lines(probability, frame))[1].astype(np.float64), 2)

    def best(self, lines: Lines) -> tuple[np.ndarray, np.ndarray]:
        """(index in KINDS of the best treatment, its gain in yuan) for each line."""
        cell = self.cells(lines)
        at_stake = self.at_stake(lines, cell)
        kind, most = np.zeros(len(cell), dtype=np.int8), np.full(len(cell), -np.inf, dtype=at_stake.dtype)
        for place in range(len(KINDS)):
            gain = self.gain_of(at_stake, cell, place)
            better = gain > most
            kind[better] = place
            np.maximum(most, gain, out=most)
        return kind, most

    def gain_of(self, at_stake: np.ndarray, cell: np.ndarray, place: int) -> np.ndarray:
        """Gain of the treatment KINDS[place] in yuan, for each line."""
        return at_stake * self.save_by_cell[place][cell] - self.cost_by_cell[place][cell]

    def at_stake(self, lines: Lines, cell: np.ndarray) -> np.ndarray:
        """Churn probability x margin lifetime value of each line, in yuan."""
        return lines.probability * lines.spend * self.value_of_yuan[cell]

    def cells(self, lines: Lines) -> np.ndarray:
        """Index of each line's cell (line type, cohort, value band); tables by cell are in that order."""
        edges = self.edges.astype(lines.spend.dtype)
        band = (lines.spend >= edges[:, 0][lines.line_type]).astype(np.uint8)
        band += lines.spend >= edges[:, 1][lines.line_type]
        return (lines.line_type.astype(np.uint8) * np.uint8(len(COHORTS)) + lines.cohort.astype(np.uint8)) * np.uint8(
            len(BANDS)
        ) + band

    @cached_property
    def value_of_yuan(self) -> np.ndarray:
        """Lifetime value of one yuan of monthly spend, by cell."""
        return np.repeat((self.margin[:, None] * self.months).ravel(), len(BANDS)).astype(np.float32)

    @cached_property
    def margin_by_cell(self) -> np.ndarray:
        return np.repeat(self.margin, len(COHORTS) * len(BANDS)).astype(np.float32)

    @cached_property
    def save_by_cell(self) -> np.ndarray:
        """kind x cell."""
        return np.tile(self.save.reshape(len(KINDS), -1), (1, len(LINE_TYPES))).astype(np.float32)

    @cached_property
    def cost_by_cell(self) -> np.ndarray:
        """kind x cell: the contact and, for those who take it, the offer."""
        contact = np.repeat(self.contact_cost, len(COHORTS) * len(BANDS))
        return (contact[None, :] + self.offer_cost[:, None]).astype(np.float32)


def expected_gain(probability: np.ndarray, frame: "pd.DataFrame", economics: Economics | None = None) -> np.ndarray:
    """See Economics.expected_gain; without `economics` the current rows are read."""
    return (economics or Economics.current()).expected_gain(probability, frame)


def as_lines(probability: np.ndarray, frame: "pd.DataFrame") -> Lines:
    return Lines(
        np.nan_to_num(np.asarray(probability, dtype=np.float64)),
        np.nan_to_num(frame["monthly_spend"].to_numpy(dtype=np.float64)),
        places(frame["tenure_cohort"], COHORTS, UNKNOWN_COHORT),
        places(frame["line_type"], LINE_TYPES, UNKNOWN_TYPE),
    )


def places(values: "pd.Series", names: tuple[str, ...], unknown: int) -> np.ndarray:
    """Index of each value in `names`; `unknown` for blanks and other values."""
    # Loading pandas takes a fifth of a second; every process loads this module.
    import pandas as pd

    codes, levels = pd.factorize(values)
    known = np.array([names.index(one) if one in names else unknown for one in levels] + [unknown], dtype=np.int8)
    return known[codes]


def assumptions_by_type() -> dict[str, ValueTerms]:
    """{line type: its terms, else the general ones}; with "" for the general ones."""
    rows = {row.line_type: row for row in ValueTerms.objects.all()}
    others = rows.get("") or ValueTerms()
    return {"": others} | {one: rows.get(one, others) for one in LINE_TYPES}


def treatments_by_kind() -> dict[str, Treatment]:
    rows = {row.kind: row for row in Treatment.objects.all()}
    return {kind: rows.get(kind) or Treatment(kind=kind, **DEFAULT_TREATMENTS[kind]) for kind in KINDS}


def churn_rates_by_type(terms: Mapping[str, ValueTerms]) -> dict[tuple[str, str], float]:
    """{(line type, cohort): monthly churn rate} of the newest count, shrunk towards the configured one."""
    newest = LeavingRate.objects.order_by("-as_of").values("as_of")[:1]
    seen = {(row.line_type, row.cohort): row for row in LeavingRate.objects.filter(as_of=newest)}
    found = {}
    for line_type in LINE_TYPES:
        for cohort in COHORTS:
            row = seen.get((line_type, cohort))
            found[line_type, cohort] = monthly_churn_rate(
                leavers=row.leavers if row else 0,
                line_days=row.line_days if row else 0,
                configured=terms[line_type].leaving_a_month,
            )
    return found


def usual_months() -> np.ndarray:
    """M of the module docstring by line type x cohort at the usual churn rate: for lines not about to leave."""
    return _months(assumptions_by_type(), saved=False)


def _months(terms: Mapping[str, ValueTerms], *, saved: bool = True) -> np.ndarray:
    leaving = churn_rates_by_type(terms)
    return np.array(
        [
            [
                expected_months(
                    cohort=cohort,
                    leaving={one: leaving[line_type, one] for one in COHORTS},
                    discount_a_year=terms[line_type].discount_a_year,
                    horizon=terms[line_type].horizon_months,
                    times=terms[line_type].saved_leaves if saved else 1.0,
                )
                for cohort in COHORTS
            ]
            for line_type in LINE_TYPES
        ]
    )


def prior_of(treatment: Treatment) -> Prior:
    """What is believed of its save rate before tests."""
    return Prior(treatment.save_rate, treatment.weight, treatment.enough)


def tests_by_kind() -> dict[str, list[Arms]]:
    """The tests that count, by treatment; one small query."""
    found: dict[str, list[Arms]] = {}
    for row in Experiment.objects.in_force().order_by("pk"):
        found.setdefault(row.kind, []).append(arms_of(row))
    return found


def arms_of(test: Experiment) -> Arms:
    return Arms(test.cohort, test.band, test.treated, test.treated_left, test.control, test.control_left)
