"""Re-rating of the whole base, as chunked work (retention.core.jobs.chunks) that any worker may join."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

import numpy as np

from analytics.declarations import PLAN_FIT
from analytics.plan_fit.queries import newest_rated_month, rated_months
from analytics.plan_fit.rules import PlanChange, type_index
from analytics.valuation.services import record_churn_rates
from customers.fields.choices import COHORT_DAYS
from customers.profile.queries.windows import last_complete_month
from customers.profile.services.build import subscriber_blocks
from customers.tariffs.queries import Block, plan_terms, read_lines
from customers.tariffs.rules.rating import Fits, fit
from customers.tariffs.rules.terms import Terms
from customers.tariffs.services import record_plan_fits
from retention.core.jobs.chunks import ChunkedWork, Done, run_in_chunks
from retention.core.jobs.models import Chunk, ChunkedRun

LINES_PER_CHUNK = 50_000
_COHORT_STARTS = [start for start, _end in COHORT_DAYS.values()][1:]


def rate_base(*, as_of: date) -> int:
    """Rate every line in being on `as_of` and keep the result. Returns how many fits are new or changed.

    A run of the date that was broken off goes on where it stopped; the same again changes nothing: the month's churn
    rates, which the break-even stands on, are counted before.
    """
    record_churn_rates(as_of=as_of)
    return run_in_chunks(kind=PLAN_FIT, as_of=as_of, ranges=subscriber_blocks(LINES_PER_CHUNK)).rows


def _prepare(run: ChunkedRun) -> dict:
    """{"last_month"}: the newest month of which use has come, the same for all chunks."""
    return {"last_month": newest_rated_month(run.as_of) or last_complete_month(run.as_of)}


def _begin(run: ChunkedRun) -> Callable[[Chunk], Done]:
    last_month = date.fromisoformat((run.shared or {})["last_month"])
    return partial(_rate_block, run.as_of, last_month, plan_terms(on=run.as_of), PlanChange.current())


def _rate_block(
    as_of: date, last_month: date, plans: Mapping[int, Terms], change: PlanChange, chunk: Chunk
) -> Done:  # fmt: skip
    block = read_lines(low=chunk.low, high=chunk.high, as_of=as_of, months=rated_months(last_month))
    fits = fit(block.lines, plans)
    changed = record_plan_fits(
        ids=block.ids, plan=block.lines.plan, fits=fits, break_even=_break_even(block, fits, plans, change),
        as_of=as_of, last_month=last_month, low=chunk.low, high=chunk.high,
    )  # fmt: skip
    return Done(rows=changed)


def _break_even(block: Block, fits: Fits, plans: Mapping[int, Terms], change: PlanChange) -> np.ndarray:
    type_of = {pk: type_index(terms.line_type) for pk, terms in plans.items()}
    known, place = np.unique(block.lines.plan, return_inverse=True)
    line_type = np.array([type_of[int(pk)] for pk in known], np.int8)[place]
    cohort = np.searchsorted(_COHORT_STARTS, block.tenure_days, side="right").astype(np.int8)
    return change.break_even(cost=fits.cost, saving=fits.saving, line_type=line_type, cohort=cohort)


PLAN_FIT_WORK = ChunkedWork(rounds=[_begin], prepare=_prepare)
