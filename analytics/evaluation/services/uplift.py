"""Whom a contact helps: learnt from our own campaigns, used only where it beats ranking by risk x value."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from django.db import connection, transaction

from analytics.churn.learners.linear import learn_scales
from analytics.evaluation.models import ContestState, UpliftContest, UpliftScore
from analytics.evaluation.queries.uplift import lines_to_score, measured_campaigns, members_as_frozen
from analytics.evaluation.rules.arms import Arm
from analytics.evaluation.rules.differences import rate_difference
from analytics.evaluation.uplift.contest import POLICY_SHARE, Contest, Rival, hold_contest
from analytics.evaluation.uplift.preparation import Model, learn_model, matrix_of, numbers_of, thinned
from analytics.evaluation.uplift.rows import Rows
from customers.profile.services.build import subscriber_blocks
from retention.core.audit import services as audit
from retention.core.db.copy import copy_in

BLOCK_SIZE = 100_000
# Gains that differ by less are the same: sums are rounded otherwise in another block of rows.
SAME_GAIN = 1e-9


def ensure_uplift(*, as_of: date, now: datetime) -> UpliftContest | None:
    """Hold the contest when other campaigns are measured than those of the newest one. None where it still stands, or
    no campaign is measured."""
    campaigns = measured_campaigns()
    codes = [one.code for one in campaigns]
    newest = UpliftContest.objects.newest_first().first()
    if (newest.campaigns if newest else []) == codes:
        return None
    frame = members_as_frozen(campaigns, known=as_of)
    frame = frame.iloc[thinned(frame["campaign_id"].to_numpy(), frame["treated"].to_numpy(dtype=bool))]
    return _hold(frame.reset_index(drop=True), codes, as_of, now)


@transaction.atomic
def _hold(frame: pd.DataFrame, codes: list[str], as_of: date, now: datetime) -> UpliftContest:
    treated, stayed = frame["treated"].to_numpy(dtype=bool), frame["stayed"].to_numpy(dtype=bool)
    row = UpliftContest(
        as_of=as_of, held_at=now, campaigns=codes, members=len(frame), treated=int(treated.sum()),
        left=int((~stayed).sum()), control_left=int((~stayed & ~treated).sum()), state=ContestState.TOO_FEW,
    )  # fmt: skip
    numbers = numbers_of(frame)
    scales = learn_scales(numbers)
    rows = Rows(matrix_of(numbers, scales), stayed.astype(float), treated, is_rate=True)
    rival = Rival(frame["expected"].to_numpy(dtype=float), frame["worth"].to_numpy(dtype=float))
    held = hold_contest(rows, rival=rival) if len(rows) else None
    if held is not None:
        row.figures = _figures(held, rows)
        row.state = ContestState.WON if held.uplift_is_used else ContestState.LOST
    if held is not None and row.state == ContestState.WON:
        model = learn_model(rows, scales)
        row.artefact = model.as_dict()
        row.helps_from = float(np.quantile(model(frame), 1 - POLICY_SHARE)) - SAME_GAIN
    row.save(force_insert=True)
    audit.record(actor=None, action="model.train", target=f"uplift:{row.pk}", state=row.state, members=row.members)
    return row


def _figures(held: Contest, rows: Rows) -> dict[str, Any]:
    """Qini in yuan a month of a member; policies: yuan a month that a member still pays if a half is contacted."""
    asleep = rows.take(np.flatnonzero(held.do_not_wake))
    treated, control = (
        Arm(int(inside.sum()), int(asleep.outcome[inside].sum())) for inside in (asleep.treated, ~asleep.treated)
    )
    shown = rate_difference(treated, control)
    return {
        "uplift": held.uplift, "usual": held.response, "wins": held.wins, "of": len(held.splits),
        "advantage": held.advantage, "advantage_p": held.advantage_p, "policy_uplift": held.policy_uplift,
        "policy_usual": held.policy_response, "policy_all": held.policy_all, "policy_none": held.policy_none,
        "asleep": {
            "members": len(asleep),
            **({"gain": shown.value, "low": shown.low, "high": shown.high} if shown else {}),
        },
    }  # fmt: skip


def score_uplift(*, as_of: date) -> int:
    """Score all lines in use by the newest contest's model, a range of lines a transaction; without one nothing is kept
    of earlier scores. Returns the lines scored. A run that was killed is done again from the first range on."""
    newest = UpliftContest.objects.newest_first().first()
    if newest is None or newest.artefact is None or newest.helps_from is None:
        UpliftScore.objects.all().delete()
        return 0
    model, scored = Model.from_dict(newest.artefact), 0
    for low, high in subscriber_blocks(BLOCK_SIZE):
        scored += _score_between(model, newest.helps_from, as_of, low, high)
    return scored


@transaction.atomic
def _score_between(model: Model, helps_from: float, as_of: date, low: int, high: int) -> int:
    frame = lines_to_score(as_of=as_of, low=low, high=high)
    UpliftScore.objects.filter(subscriber_id__gte=low, subscriber_id__lte=high).delete()
    if not len(frame):
        return 0
    gain = model(frame)
    rows = {
        "subscriber_id": pa.array(frame["subscriber_id"].to_numpy(), pa.int64()),
        "as_of": pa.array([as_of] * len(frame), pa.date32()),
        "gain": pa.array(gain, pa.float64()),
        "helps": pa.array((gain > 0) & (gain >= helps_from)),
    }
    with connection.cursor() as cursor:
        copy_in(cursor, UpliftScore._meta.db_table, pa.table(rows))
    return len(frame)
