"""Forty campaigns over a simulated operator whose truth is known: do the intervals of the evaluation cover it?

Nothing is read from the database: the simulator tells what each line does alone and what it does when it is offered
something (`retention.simulator.oracle`), a draw says which of the two is seen, and the evaluation sees only that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from analytics.evaluation.rules.arms import Arm
from analytics.evaluation.rules.differences import rate_interval
from analytics.evaluation.rules.verdicts import Looks, Verdict, judge
from bench.measure import beside, seconds
from retention.simulator.identity import Identity
from retention.simulator.oracle import write_truth
from retention.simulator.parameters import Spec
from retention.simulator.rules.behaviour import simulate

UNTIL, DAYS, LINES = date(2026, 10, 31), 365, 60_000
MONTHS, HORIZON = 8, 60
CONTROL, SAMPLE = 0.2, 6_000
REDRAWS = 25
COVERED = 0.92, 0.98
MOST_FALSE = 0.05
# What is done, and for whom: lines by their likeliest reason to leave, or a sample of all.
CAMPAIGNS = (
    ("offer", "contract_end"),
    ("offer", "price"),
    ("offer", "quality"),
    ("contact", "network"),
    ("contact", ""),
)


@dataclass(frozen=True)
class Judged:
    """One draw of one campaign. truth: leaving in 60 days under treatment less leaving alone, over all members; NOTHING
    is done in a campaign of that treatment.
    """

    day: date
    treatment: str
    audience: str
    members: int
    truth: float
    estimate: float
    low: float
    high: float
    verdict: Verdict

    @property
    def covers(self) -> bool:
        return self.low <= self.truth <= self.high


NOTHING = "alone"


def run(subscribers: int) -> dict:
    """Always over LINES lines: the intervals do not depend on the size of the base."""
    found: dict[str, list[Judged]] = {}
    took = seconds(lambda: found.update(over_the_truth(LINES)))
    real, idle = found["real"], found["idle"]
    covered, false = share(one.covers for one in real), share(one.verdict == Verdict.HELPS for one in idle)
    first = real[::REDRAWS]
    return beside(
        figure=covered, floor=COVERED[0], unit="covered by the 95 % interval", floor_is="the least that is asked for",
        goal=f"{COVERED[0]} to {COVERED[1]}, and <= {MOST_FALSE} of those without effect called a success",
        reached=COVERED[0] <= covered <= COVERED[1] and false <= MOST_FALSE,
        campaigns=len(first), draws=len(real), false_successes=round(false, 4), seconds=round(took, 1),
        against_the_truth=[_row(one) for one in first],
    )  # fmt: skip


def over_the_truth(lines: int) -> dict[str, list[Judged]]:
    """Every draw of the campaigns (`real`, a campaign's draws beside each other), and of the same with nothing done
    (`idle`)."""
    found: dict[str, list[Judged]] = {"real": [], "idle": []}
    random = np.random.default_rng(20260)
    for day, truth in _months(lines):
        for treatment, audience in CAMPAIGNS:
            members = _members(truth, audience, random)
            for _draw in range(REDRAWS):
                found["real"].append(_judge(day, treatment, audience, members, random))
                found["idle"].append(_judge(day, NOTHING, audience, members, random))
    return found


def share(these: Iterator[bool]) -> float:
    return float(np.mean(list(these)))


def _months(lines: int) -> Iterator[tuple[date, pd.DataFrame]]:
    """The truth at the last month ends whose 60 days are over."""
    world = simulate(Spec(lines, DAYS, UNTIL))
    with TemporaryDirectory() as folder:
        write_truth(world, Identity.of(world.lines), Path(folder))
        files = sorted((Path(folder) / "months").glob("*.parquet"))
        for file in files[-MONTHS - 2 : -2]:
            yield date.fromisoformat(file.stem), pq.read_table(file).to_pandas()


def _members(truth: pd.DataFrame, audience: str, random: np.random.Generator) -> pd.DataFrame:
    lines = truth[truth["likeliest_cause"] == audience] if audience else truth
    return lines.sample(min(SAMPLE, len(lines)), random_state=random)


def _judge(day: date, treatment: str, audience: str, members: pd.DataFrame, random: np.random.Generator) -> Judged:
    alone = members[f"leaves_{HORIZON}_alone"].to_numpy()
    treated = members[f"leaves_{HORIZON}_{treatment}"].to_numpy()
    held_out = random.random(len(members)) < CONTROL
    arms = (
        Arm(int((~held_out).sum()), int(treated[~held_out].sum())),
        Arm(int(held_out.sum()), int(alone[held_out].sum())),
    )
    low, high = rate_interval(*arms, 0.05)
    found = judge(*arms, share=CONTROL, looks=Looks.END)
    truth = float(treated.mean() - alone.mean())
    apart = (arms[0].rate or 0) - (arms[1].rate or 0)
    return Judged(day, treatment, audience, len(members), truth, apart, low, high, found.verdict)


def _row(one: Judged) -> dict[str, object]:
    figures = {name: f"{getattr(one, name):+.4f}" for name in ("truth", "estimate", "low", "high")}
    return {"day": one.day, "what": f"{one.treatment}/{one.audience or 'all'}", "members": one.members, **figures,
            "covers": one.covers, "verdict": one.verdict.value}  # fmt: skip
