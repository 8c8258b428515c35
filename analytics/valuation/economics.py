"""What a contact is expected to bring (C7): chance of leaving x share saved x value of the line - cost, best treatment.

    gain = max over treatments k of   p x s(k, segment) x value - contact cost - acceptance(k) x offer cost(k)

A segment is a tenure cohort and a value band. Below zero where every contact costs more than it is expected to keep, or
drives the customer out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from analytics.valuation import lifetime
from analytics.valuation.defaults import DEFAULT_TREATMENTS
from analytics.valuation.models import Experiment, LeavingRate, Treatment, TreatmentKind, ValueTerms
from analytics.valuation.save_rates import Arms, Prior, SaveRate, save_rate
from customers.facts.models import LineType
from customers.fields.cohorts import COHORTS
from customers.fields.spend import BANDS

KINDS = tuple(TreatmentKind.values)
LINE_TYPES = tuple(LineType.values)
# A line whose cohort or type nobody knows is reckoned as the longest with us, and as the first type.
UNKNOWN_COHORT, UNKNOWN_TYPE = len(COHORTS) - 1, 0


@dataclass(frozen=True)
class Lines:
    """Lines as columns of equal length; cohort and line_type are places in COHORTS and LINE_TYPES."""

    probability: np.ndarray
    spend: np.ndarray
    cohort: np.ndarray
    line_type: np.ndarray


@dataclass(frozen=True)
class Economics:
    """All terms as tables, read once. margin, contact_cost, edges: by line type; months: line type x cohort;
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
        """As the rows stand now, shipped values where there is none; four small queries."""
        terms = assumptions_by_type()
        treatments = treatments_by_kind()
        tests = _tests_by_kind()
        rates = {
            (kind, cohort, band): save_rate(_prior(treatments[kind]), tests.get(kind, ()), cohort=cohort, band=band)
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

    def expected_gain(self, probability: np.ndarray, frame: pd.DataFrame) -> np.ndarray:
        """Yuan a contact with the best treatment for each line.

        frame: tenure_cohort, line_type, monthly_spend (yuan); blanks allowed. probability: of leaving, 0 to 1.
        """
        return np.round(self.best(as_lines(probability, frame))[1].astype(np.float64), 2)

    def best(self, lines: Lines) -> tuple[np.ndarray, np.ndarray]:
        """(place in KINDS of the treatment that brings most, yuan that it brings) for each line."""
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
        """Yuan that the treatment KINDS[place] brings, for each line."""
        return at_stake * self.save_by_cell[place][cell] - self.cost_by_cell[place][cell]

    def at_stake(self, lines: Lines, cell: np.ndarray) -> np.ndarray:
        """Chance of leaving x margin lifetime value (analytics.valuation.lifetime), in yuan."""
        return lines.probability * lines.spend * self.value_of_yuan[cell]

    def cells(self, lines: Lines) -> np.ndarray:
        """The line type, cohort and value band of each line as one number; the tables by cell are in that order."""
        edges = self.edges.astype(lines.spend.dtype)
        band = (lines.spend >= edges[:, 0][lines.line_type]).astype(np.uint8)
        band += lines.spend >= edges[:, 1][lines.line_type]
        return (lines.line_type.astype(np.uint8) * np.uint8(len(COHORTS)) + lines.cohort.astype(np.uint8)) * np.uint8(
            len(BANDS)
        ) + band

    @cached_property
    def value_of_yuan(self) -> np.ndarray:
        """What a yuan of spend a month is worth over the lifetime, by cell."""
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


def expected_gain(probability: np.ndarray, frame: pd.DataFrame, economics: Economics | None = None) -> np.ndarray:
    """See Economics.expected_gain; without one the terms of now are read."""
    return (economics or Economics.current()).expected_gain(probability, frame)


def as_lines(probability: np.ndarray, frame: pd.DataFrame) -> Lines:
    return Lines(
        np.nan_to_num(np.asarray(probability, dtype=np.float64)),
        np.nan_to_num(frame["monthly_spend"].to_numpy(dtype=np.float64)),
        places(frame["tenure_cohort"], COHORTS, UNKNOWN_COHORT),
        places(frame["line_type"], LINE_TYPES, UNKNOWN_TYPE),
    )


def places(values: pd.Series, names: tuple[str, ...], unknown: int) -> np.ndarray:
    """Where each value stands in `names`; `unknown` for blanks and strangers."""
    codes, levels = pd.factorize(values)
    known = np.array([names.index(one) if one in names else unknown for one in levels] + [unknown], dtype=np.int8)
    return known[codes]


def assumptions_by_type() -> dict[str, ValueTerms]:
    """{line type: its terms, else those for all others}; "" is in it as well."""
    rows = {row.line_type: row for row in ValueTerms.objects.all()}
    others = rows.get("") or ValueTerms()
    return {"": others} | {one: rows.get(one, others) for one in LINE_TYPES}


def treatments_by_kind() -> dict[str, Treatment]:
    rows = {row.kind: row for row in Treatment.objects.all()}
    return {kind: rows.get(kind) or Treatment(kind=kind, **DEFAULT_TREATMENTS[kind]) for kind in KINDS}


def churn_rates_by_type(terms: Mapping[str, ValueTerms]) -> dict[tuple[str, str], float]:
    """{(line type, cohort): monthly leaving rate} of the newest count, drawn to the configured one."""
    newest = LeavingRate.objects.order_by("-as_of").values("as_of")[:1]
    seen = {(row.line_type, row.cohort): row for row in LeavingRate.objects.filter(as_of=newest)}
    found = {}
    for line_type in LINE_TYPES:
        for cohort in COHORTS:
            row = seen.get((line_type, cohort))
            found[line_type, cohort] = lifetime.monthly_rate(
                leavers=row.leavers if row else 0,
                line_days=row.line_days if row else 0,
                configured=terms[line_type].leaving_a_month,
            )
    return found


def _months(terms: Mapping[str, ValueTerms]) -> np.ndarray:
    leaving = churn_rates_by_type(terms)
    return np.array(
        [
            [
                lifetime.expected_months(
                    cohort=cohort,
                    leaving={one: leaving[line_type, one] for one in COHORTS},
                    discount_a_year=terms[line_type].discount_a_year,
                    horizon=terms[line_type].horizon_months,
                    times=terms[line_type].saved_leaves,
                )
                for cohort in COHORTS
            ]
            for line_type in LINE_TYPES
        ]
    )


def _prior(treatment: Treatment) -> Prior:
    return Prior(treatment.save_rate, treatment.weight, treatment.enough)


def _tests_by_kind() -> dict[str, list[Arms]]:
    found: dict[str, list[Arms]] = {}
    for row in Experiment.objects.filter(withdrawn_at=None):
        arms = Arms(row.cohort, row.band, row.treated, row.treated_left, row.control, row.control_left)
        found.setdefault(row.kind, []).append(arms)
    return found
