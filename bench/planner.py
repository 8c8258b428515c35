"""Campaigns over the simulated operator: does the planner's expected gain rank them as the truth does?

Every audience is a rule of the product's language over the profile of the night, contacted with a call alone and with
an offer. Expected is what the planner's page says of these lines. True is the same money with the simulator's own
chances (`retention.simulator.oracle`): of leaving alone, after a call, after an offer, and the true churn rates.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from scipy.stats import spearmanr

from analytics.planner.queries import ScoredLines, scored_lines
from analytics.planner.services import plan_campaign
from analytics.valuation.models import TreatmentKind
from analytics.valuation.rules.economics import COHORTS, KINDS, LINE_TYPES, Economics, assumptions_by_type
from analytics.valuation.rules.economics import expected_months as months_of
from bench.database import HISTORY_DAYS
from bench.measure import beside, seconds
from bench.night import after_a_night
from campaigns.audiences.defaults import ask, rule
from campaigns.audiences.rules import audience
from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.simulator.identity import Identity
from retention.simulator.oracle import write_truth
from retention.simulator.parameters import Spec
from retention.simulator.rules.behaviour import simulate

LEAST_SPEARMAN, FEWEST_CAMPAIGNS, FEWEST_LINES = 0.8, 20, 150
AUDIENCES: dict[str, dict[str, Any]] = {
    "high risk": rule(ask("risk_tier", "=", "high")),
    "medium risk": rule(ask("risk_tier", "=", "medium")),
    "contract ends in 60 days": rule(ask("contract_days_left", "between", [0, 60])),
    "contract ended in the last 90 days": rule(ask("days_since_contract", "between", [0, 90])),
    "long contract left": rule(ask("contract_days_left", ">", 180)),
    "in the first half year": rule(ask("tenure_cohort", "=", "under_6")),
    "over a year here": rule(ask("tenure_cohort", "=", "over_12")),
    "complained": rule(ask("complaints_90d", ">=", 1)),
    "asked about porting": rule(ask("days_since_port_inquiry", "<=", 60)),
    "bill far above the plan": rule(ask("over_fee_share", ">=", 0.3)),
    "bill above its own base": rule(ask("bill_change", ">=", 0.2)),
    "spend 120 and more": rule(ask("arpu", ">=", 120)),
    "spend under 60": rule(ask("arpu", "<", 60)),
    "spend over 60, use halved": rule(ask("arpu", ">=", 60), ask("use_change", "<=", -0.5)),
    "many dropped calls": rule(ask("dropped_rate", ">=", 0.03)),
    "forwards calls to a rival": rule(ask("forwarded_rival_recent", ">=", 1)),
    "calls in fell": rule(ask("calls_in_change", "<=", -0.4)),
    "firms": rule(ask("customer_kind", "=", "enterprise")),
    "broadband": rule(ask("line_type", "=", "broadband")),
    "prepaid": rule(ask("pay_mode", "=", "prepaid")),
    "somebody of the group left": rule(ask("group_left_90d", ">=", 1)),
    "everybody": rule(ask("status", "=", "active")),
}  # fmt: skip
# The simulator knows one answer to every offer.
TREATMENTS = {TreatmentKind.CONTACT: "contact", TreatmentKind.RENEWAL: "offer"}


@dataclass(frozen=True)
class Planned:
    """One campaign; expected, true: yuan a contact."""

    audience: str
    treatment: str
    lines: int
    expected: float
    true: float


def run(subscribers: int) -> dict:
    night = after_a_night()
    found: list[Planned] = []
    took = seconds(lambda: found.extend(planned(night)))
    by_contact = rank_correlation(found)
    in_all = float(spearmanr([one.expected * one.lines for one in found], [one.true * one.lines for one in found])[0])
    return beside(
        figure=by_contact, floor=LEAST_SPEARMAN, unit="Spearman, gain of a contact", floor_is="the least asked for",
        goal=f">= {LEAST_SPEARMAN} over {FEWEST_CAMPAIGNS} campaigns and more, by contact and in all",
        reached=min(by_contact, in_all) >= LEAST_SPEARMAN and len(found) >= FEWEST_CAMPAIGNS,
        campaigns=len(found), spearman_of_the_sums=round(in_all, 3), seconds=round(took, 1),
        **{f"spearman_{kind}": round(rank_correlation([one for one in found if one.treatment == kind]), 3)
           for kind in TREATMENTS.values()},
        against_the_truth=[_row(one) for one in sorted(found, key=lambda one: -one.true)],
    )  # fmt: skip


def rank_correlation(campaigns: list[Planned]) -> float:
    return float(spearmanr([one.expected for one in campaigns], [one.true for one in campaigns])[0])


def planned(night: date) -> list[Planned]:
    """Every audience of FEWEST_LINES and more with every treatment."""
    economics = Economics.current()
    scored = scored_lines(User.objects.get(username="admin"))
    truth = truth_of(night, scored)
    months = _true_months(scored, truth)
    found = []
    for name, wanted in AUDIENCES.items():
        wanted_lines = list(audience(wanted).order_by().values_list("subscriber_id", flat=True))
        inside = np.isin(scored.subscriber, wanted_lines)
        lines = scored.where(inside)
        count = len(lines.probability)
        if count < FEWEST_LINES:
            continue
        cell = economics.cells(lines)
        value = lines.spend * economics.margin[lines.line_type] * months[inside]
        for kind, answer in TREATMENTS.items():
            plan = plan_campaign(economics=economics, lines=lines, treatment=kind, calls=count)
            kept = (truth["probability_alone"] - truth[f"probability_{answer}"]).to_numpy()[inside]
            true = kept * value - economics.cost_by_cell[KINDS.index(kind)][cell]
            found.append(Planned(name, answer, count, plan.asked.net / count, float(true.mean())))
    return found


def truth_of(night: date, scored: ScoredLines) -> pd.DataFrame:
    """The true chances and ends of each scored line, in their order; 0 for lines that have left without a sign."""
    world = simulate(Spec(Subscriber.objects.count(), HISTORY_DAYS, night))
    with TemporaryDirectory() as folder:
        write_truth(world, Identity.of(world.lines), Path(folder))
        table = pq.read_table(Path(folder) / "months" / f"{night}.parquet").to_pandas().set_index("subscriber_no")
    numbers = pd.Series(dict(Subscriber.objects.values_list("pk", "subscriber_no").iterator()))
    known = table[[name for name in table if name.startswith(("probability_", "leaves_"))]].astype(float)
    return known.reindex(numbers.loc[scored.subscriber]).fillna(0.0)


def _true_months(scored: ScoredLines, truth: pd.DataFrame) -> np.ndarray:
    """Months that a saved line is expected to stay, by the mean true churn rate of its type and tenure."""
    rates = truth["probability_alone"].groupby([scored.lines.line_type, scored.lines.cohort]).mean()
    base, terms = float(truth["probability_alone"].mean()), assumptions_by_type()
    months = np.zeros((len(LINE_TYPES), len(COHORTS)))
    for place, line_type in enumerate(LINE_TYPES):
        leaving = {cohort: float(rates.get((place, number), base)) for number, cohort in enumerate(COHORTS)}
        for number, cohort in enumerate(COHORTS):
            months[place, number] = months_of(
                cohort=cohort, leaving=leaving, discount_a_year=terms[line_type].discount_a_year,
                horizon=terms[line_type].horizon_months, times=terms[line_type].saved_leaves,
            )  # fmt: skip
    return months[scored.lines.line_type, scored.lines.cohort]


def _row(one: Planned) -> dict[str, object]:
    return {
        "campaign": f"{one.treatment}/{one.audience}", "lines": one.lines, "expected": f"{one.expected:+.2f}",
        "true": f"{one.true:+.2f}",
    }  # fmt: skip
