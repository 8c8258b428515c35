"""Uplift against response on half splits: used only where it wins on rows that no model has seen."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analytics.evaluation.uplift.learners import Learner, learn_response, learn_uplift
from analytics.evaluation.uplift.qini import advantage, policy_value, qini, top
from analytics.evaluation.uplift.rows import Rows

SPLITS = 5
FIRST_SEED = 1
# The policies compared treat this share.
POLICY_SHARE = 0.5
# Uplift is used if it wins in so many splits, by more than chance does once in a hundred, with a policy worth as much.
# Every campaign that is measured brings another contest: at once in twenty, chance would win one every year or two.
WINS_NEEDED, ADVANTAGE_BELOW = 4, 0.01
# Rows of each arm, and of rates with the outcome and without, that each half needs.
FEWEST_ROWS = 20


class Refusal(StrEnum):
    """What a ranking by uplift fails at."""

    RANKS_NO_BETTER = "ranks_no_better"
    CHANCE = "chance"
    POLICY_WORTH_LESS = "policy_worth_less"


@dataclass(frozen=True)
class Rival:
    """The policy in use, in place of a response model. order: those first that it treats first; worth: of the outcome
    of each row, by which both policies are judged and uplift is weighed.
    """

    order: np.ndarray
    worth: np.ndarray


@dataclass(frozen=True)
class Split:
    """Each half judged by models of the other, and the mean of both: Qini of the mean of all learners, of each of them
    and of the response model; mean outcome of the policies.
    """

    uplift: float
    response: float
    each: dict[Learner, float]
    policy_uplift: float
    policy_response: float


@dataclass(frozen=True)
class Contest:
    """policy_all, policy_none: mean outcome if everybody or nobody is treated; scores: of each row the mean uplift that
    models said which had not seen it; advantage, error: of the Qini of these over that of the response model.
    """

    splits: tuple[Split, ...]
    policy_all: float
    policy_none: float
    scores: np.ndarray
    advantage: float
    error: float

    @property
    def advantage_p(self) -> float:
        """That chance alone brings such an advantage, one-sided."""
        # Loading scipy.stats takes most of a second; a process that asks for none does not wait for it.
        from scipy import stats

        return float(stats.norm.sf(self.advantage / self.error)) if self.error else 1.0

    @property
    def wins(self) -> int:
        return sum(one.uplift > one.response for one in self.splits)

    @property
    def uplift(self) -> float:
        return float(np.mean([one.uplift for one in self.splits]))

    @property
    def response(self) -> float:
        return float(np.mean([one.response for one in self.splits]))

    @property
    def policy_uplift(self) -> float:
        return float(np.mean([one.policy_uplift for one in self.splits]))

    @property
    def policy_response(self) -> float:
        return float(np.mean([one.policy_response for one in self.splits]))

    @property
    def uplift_is_used(self) -> bool:
        return self.refused_for is None

    @property
    def refused_for(self) -> Refusal | None:
        """Why uplift is not used, the first reason of several; None where it is."""
        needed = -(-WINS_NEEDED * len(self.splits) // SPLITS)
        if self.wins < needed or self.uplift <= 0:
            return Refusal.RANKS_NO_BETTER
        if self.advantage_p >= ADVANTAGE_BELOW:
            return Refusal.CHANCE
        return Refusal.POLICY_WORTH_LESS if self.policy_uplift < self.policy_response else None

    @property
    def do_not_wake(self) -> np.ndarray:
        """Rows that are predicted to be worse off treated."""
        return self.scores < 0


def hold_contest(
    rows: Rows, *, risk_first: bool = False, splits: int = SPLITS, rival: Rival | None = None
) -> Contest | None:
    """None where the rows are too few. risk_first: the response model is one of risk, which ranks those first whose
    outcome is worst without treatment; else it ranks those first whose outcome is best with it. With a `rival` there is
    no response model, and outcomes count with their worth.
    """
    halves = [_halves(rows, FIRST_SEED + number) for number in range(splits)]
    if not all(rows.take(half).can_teach(FEWEST_ROWS) for pair in halves for half in pair):
        return None
    worth = rival.worth if rival else np.ones(len(rows))
    valued = Rows(rows.features, rows.outcome * worth, rows.treated, is_rate=False) if rival else rows
    scores, responses = np.zeros(len(rows)), np.zeros(len(rows))
    found = []
    for pair in halves:
        both = []
        for learnt, judged in (pair, pair[::-1]):
            each = _learn(rows.take(learnt), rows.features[judged])
            response = rival.order[judged] if rival else _response(rows, learnt, judged, risk_first)
            both.append(_judge({name: score * worth[judged] for name, score in each.items()}, response,
                               valued.take(judged)))  # fmt: skip
            scores[judged] += _mean(each) / splits
            responses[judged] += response / splits
        found.append(_mean_of(*both))
    everybody = np.ones(len(rows), dtype=bool)
    values = policy_value(everybody, valued), policy_value(~everybody, valued)
    return Contest(tuple(found), *values, scores, *advantage(scores * worth, responses, valued))


def _response(rows: Rows, learnt: np.ndarray, judged: np.ndarray, risk_first: bool) -> np.ndarray:
    found = learn_response(rows.take(learnt), arm=not risk_first)(rows.features[judged])
    return -found if risk_first else found


def _judge(each: dict[Learner, np.ndarray], response: np.ndarray, judged: Rows) -> Split:
    uplift = _mean(each)
    return Split(
        uplift=qini(uplift, judged),
        response=qini(response, judged),
        each={learner: qini(score, judged) for learner, score in each.items()},
        policy_uplift=policy_value(top(uplift, POLICY_SHARE), judged),
        policy_response=policy_value(top(response, POLICY_SHARE), judged),
    )


def _mean_of(first: Split, second: Split) -> Split:
    return Split(
        uplift=(first.uplift + second.uplift) / 2,
        response=(first.response + second.response) / 2,
        each={learner: (first.each[learner] + second.each[learner]) / 2 for learner in Learner},
        policy_uplift=(first.policy_uplift + second.policy_uplift) / 2,
        policy_response=(first.policy_response + second.policy_response) / 2,
    )


def _learn(rows: Rows, features: np.ndarray) -> dict[Learner, np.ndarray]:
    return {learner: learn_uplift(learner, rows)(features) for learner in Learner}


def _mean(each: dict[Learner, np.ndarray]) -> np.ndarray:
    """The ranking that competes. Choosing the best learner on halves of a half would choose by noise: the learners
    differ less among themselves than one of them does from split to split.
    """
    return np.mean(list(each.values()), axis=0)


def _halves(rows: Rows, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two halves with as many treated, and of rates as many with the outcome, in each."""
    random = np.random.default_rng(seed)
    kind = rows.treated * 2 + (rows.outcome if rows.is_rate else 0)
    order = random.permutation(len(rows))
    order = order[np.argsort(kind[order], kind="stable")]
    return np.sort(order[::2]), np.sort(order[1::2])
