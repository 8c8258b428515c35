"""Whom a contact helps, on the simulated operator: is uplift used only where its choice is truly the better one?

A campaign for all scored lines, half of them control: the simulator says what each line does alone, after a call, and
after a call with an offer; a draw says which of them is seen. The contest sees only that. Its choice of half of the
lines is then judged by the simulator's own chances, which it has not seen.
"""

from datetime import date
from typing import Any

import numpy as np

from analytics.churn.learners.linear import learn_scales
from analytics.evaluation.queries.uplift import lines_to_score
from analytics.evaluation.uplift.contest import POLICY_SHARE, Contest, Rival, hold_contest
from analytics.evaluation.uplift.preparation import matrix_of, numbers_of
from analytics.evaluation.uplift.qini import top
from analytics.evaluation.uplift.rows import Rows
from analytics.planner.queries import scored_lines
from analytics.valuation.rules.economics import Economics
from bench.measure import beside, seconds
from bench.night import after_a_night
from bench.planner import truth_of
from retention.core.accounts.models import User

HORIZON, DRAWS, SEED = 60, 3, 20_350
ANSWERS = ("contact", "offer", "alone")


def run(subscribers: int) -> dict:
    night = after_a_night()
    rows: list[dict[str, Any]] = []
    took = seconds(lambda: rows.extend(contests(night)))
    better = [row for row in rows if row["true_gain"] > row["true_usual"]]
    wrong = [row for row in rows if row["used"] and row not in better]
    return beside(
        figure=len(wrong), floor=len(rows), unit="used though no better", floor_is="all contests",
        goal="none is used whose half is truly no better", reached=not wrong, contests=len(rows),
        used=sum(bool(row["used"]) for row in rows), truly_better=len(better), seconds=round(took, 1),
        against_the_truth=rows,
    )  # fmt: skip


def contests(night: date) -> list[dict[str, object]]:
    scored = scored_lines(User.objects.get(username="admin"))
    frame = lines_to_score(as_of=night, low=int(scored.subscriber.min()), high=int(scored.subscriber.max()))
    frame = frame.set_index("subscriber_id").loc[scored.subscriber]
    truth = truth_of(night, scored)
    numbers = numbers_of(frame)
    features = matrix_of(numbers, learn_scales(numbers))
    worth = scored.lines.spend.astype(float)
    rival = Rival(Economics.current().best(scored.lines)[1].astype(float), worth)
    found = []
    for answer in ANSWERS:
        helped = (truth["probability_alone"] - truth[f"probability_{answer}"]).to_numpy() * worth
        for draw in range(DRAWS):
            treated = np.random.default_rng(SEED + draw).random(len(frame)) < 0.5
            left = np.where(treated, truth[f"leaves_{HORIZON}_{answer}"], truth[f"leaves_{HORIZON}_alone"])
            rows = Rows(features, 1.0 - left.astype(float), treated, is_rate=True)
            held = hold_contest(rows, rival=rival)
            if held is not None:
                found.append(_row(answer, held, rival, helped))
    return found


def _row(what: str, held: Contest, rival: Rival, helped: np.ndarray) -> dict[str, object]:
    """true_gain, true_usual: yuan a month that contacting the half keeps, a line of all."""
    ours, usual = top(held.scores * rival.worth, POLICY_SHARE), top(rival.order, POLICY_SHARE)
    return {
        "what": what, "used": held.uplift_is_used, "qini": round(held.uplift, 4), "qini_usual": round(held.response, 4),
        "wins": held.wins, "p": round(held.advantage_p, 3), "true_gain": round(float((helped * ours).mean()), 4),
        "true_usual": round(float((helped * usual).mean()), 4), "asleep": int(held.do_not_wake.sum()),
        "true_gain_of_asleep": round(float(helped[held.do_not_wake].mean()), 4) if held.do_not_wake.any() else None,
    }  # fmt: skip
