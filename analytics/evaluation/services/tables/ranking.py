"""Whom to treat next time: uplift against response, for each treated arm and for all of them together."""

from typing import Any

import numpy as np

from analytics.evaluation.rules.arms import Arm, Sample
from analytics.evaluation.rules.differences import mean_difference, rate_difference
from analytics.evaluation.services.tables.preparation import Prepared
from analytics.evaluation.uplift.contest import FEWEST_ROWS, POLICY_SHARE, Contest, hold_contest
from analytics.evaluation.uplift.rows import Rows

MOST_ROWS = 200_000
SEED = 20_321
ALL_ARMS = "all treated"


def rank(prepared: Prepared) -> tuple[dict[str, Any] | None, list[str]]:
    """(the contest of all treated arms with those of each `by_arm`, notes); None where there is nothing to rank by."""
    if not prepared.covariates.names:
        return None, ["No column is left to rank by: there is no Qini."]
    by_arm: dict[str, Any] = {}
    notes: list[str] = []
    parts = {name: prepared.code == number for number, name in enumerate(prepared.arms) if number}
    if len(parts) > 1:
        parts[ALL_ARMS] = prepared.code > 0
    for name, treated in parts.items():
        rows, drawn = _rows(prepared, treated)
        held = hold_contest(rows, risk_first=prepared.task.fewer_is_better)
        if held is None:
            notes.append(f"Too few rows to rank by {name}: each half needs {FEWEST_ROWS} of a kind in each arm.")
            continue
        if drawn:
            notes.append(f"Ranked by {len(rows):,} of {drawn:,} rows of {name}, drawn at random.")
        by_arm[name] = _as_dict(held, rows, prepared)
    if not by_arm:
        return None, notes
    return {"arm": list(by_arm)[-1], **by_arm[list(by_arm)[-1]], "by_arm": by_arm}, notes


def _rows(prepared: Prepared, treated: np.ndarray) -> tuple[Rows, int]:
    """(rows of these arms and of the control, how many there were where only a part was taken, else 0)."""
    places = np.flatnonzero(treated | (prepared.code == 0))
    there = len(places)
    if there > MOST_ROWS:
        places = np.sort(np.random.default_rng(SEED).choice(places, MOST_ROWS, replace=False))
    values = prepared.values[places]
    if prepared.task.fewer_is_better:
        values = 1 - values if prepared.outcome.is_rate else -values
    rows = Rows(prepared.covariates.matrix[places], values, treated[places], prepared.outcome.is_rate)
    return rows, there if there > MOST_ROWS else 0


def _as_dict(held: Contest, rows: Rows, prepared: Prepared) -> dict[str, Any]:
    return {
        "uplift": round(held.uplift, 6),
        "response": round(held.response, 6),
        "wins": held.wins,
        "of": len(held.splits),
        "advantage": round(held.advantage, 6),
        "advantage_p": round(held.advantage_p, 6),
        "used": held.uplift_is_used,
        "refused_for": held.refused_for,
        "splits": [
            {
                "uplift": round(one.uplift, 6),
                "response": round(one.response, 6),
                **{learner.value: round(value, 6) for learner, value in one.each.items()},
            }
            for one in held.splits
        ],
        "policy": {
            "treated_share": POLICY_SHARE,
            "uplift": round(held.policy_uplift, 6),
            "response": round(held.policy_response, 6),
            "everybody": round(held.policy_all, 6),
            "nobody": round(held.policy_none, 6),
        },
        "do_not_wake": _do_not_wake(held.do_not_wake, rows),
    }


def _do_not_wake(asleep: np.ndarray, rows: Rows) -> dict[str, Any]:
    """Rows predicted to be worse off treated, and what their arms show: gain of the treated, more is better; confirmed:
    whether its interval lies below 0.
    """
    inside = rows.take(np.flatnonzero(asleep))
    treated, control = inside.outcome[inside.treated], inside.outcome[~inside.treated]
    if rows.is_rate:
        found = rate_difference(Arm(len(treated), int(treated.sum())), Arm(len(control), int(control.sum())))
    else:
        found = mean_difference(Sample.of(treated), Sample.of(control))
    return {
        "n": len(inside),
        "share": round(float(asleep.mean()), 6),
        "gain": None if found is None else round(found.value, 6),
        "low": None if found is None else round(found.low, 6),
        "high": None if found is None else round(found.high, 6),
        "confirmed": found is not None and found.high < 0,
    }
