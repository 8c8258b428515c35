"""Reads of tariffs: the catalogue as terms, and blocks of lines with their use as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from customers.facts.models import Account, Customer, Plan, Subscriber, UsageMonth
from customers.tariffs.rules.markets import FIRMS
from customers.tariffs.rules.rating import Lines
from customers.tariffs.rules.terms import DATA, MEASURE_COUNT, MESSAGES, VOICE, Terms, terms_of
from retention.core.db.copy import copy_out

# No money in it: rates of use are read as they are, in seconds and MB.
_LINES_SQL = f"""
    SELECT s.id, s.plan_id, c.kind = ANY(%(firms)s) AS firm, s.bandwidth_mbps::real AS bandwidth, s.activated_on
    FROM {Subscriber._meta.db_table} s
    JOIN {Account._meta.db_table} a ON a.id = s.account_id JOIN {Customer._meta.db_table} c ON c.id = a.customer_id
    WHERE s.id BETWEEN %(lo)s AND %(hi)s AND s.activated_on <= %(as_of)s
      AND (s.terminated_on IS NULL OR s.terminated_on > %(as_of)s)
    ORDER BY s.id
"""
_USE_SQL = f"""
    SELECT u.subscriber_id, u.month, u.voice_out_s, u.data_mb, u.sms_out FROM {UsageMonth._meta.db_table} u
    WHERE u.subscriber_id BETWEEN %(lo)s AND %(hi)s AND u.month BETWEEN %(first)s AND %(last)s
"""


@dataclass(frozen=True)
class Block:
    """Lines with their ids, rising, and the days since each joined."""

    ids: np.ndarray
    tenure_days: np.ndarray
    lines: Lines


def plan_terms(*, on: date) -> dict[int, Terms]:
    """{id: terms} of every plan of the catalogue, with whether it is on sale on the day."""
    return {plan.pk: terms_of(plan, is_on_sale=_is_on_sale(plan, on)) for plan in Plan.objects.all()}


def _is_on_sale(plan: Plan, on: date) -> bool:
    begun = plan.on_sale_from is None or plan.on_sale_from <= on
    return begun and (plan.on_sale_until is None or plan.on_sale_until >= on)


def read_lines(*, low: int, high: int, as_of: date, months: Sequence[date]) -> Block:
    """The lines in being on `as_of` with ids from low to high.

    months: their first days, one after the other. A month counts for a line that had joined when it began; a month
    without a row is one without use.
    """
    params = {"lo": low, "hi": high, "as_of": as_of, "firms": list(FIRMS), "first": months[0], "last": months[-1]}
    rows = copy_out(_LINES_SQL, params)
    ids = rows["id"].to_numpy()
    joined = rows["activated_on"].cast(pa.int32()).to_numpy()
    begins = np.array(months, "datetime64[D]").astype(np.int32)
    lines = Lines(
        plan=rows["plan_id"].to_numpy(),
        firm=rows["firm"].to_numpy(),
        bandwidth=rows["bandwidth"].to_numpy(),
        use=_use_of(ids, copy_out(_USE_SQL, params), begins),
        counted=joined[:, None] <= begins[None, :],
    )
    return Block(ids, np.datetime64(as_of, "D").astype(np.int32) - joined, lines)


def read_line(line: Subscriber, *, as_of: date, months: Sequence[date]) -> Block:
    """As read_lines(), of one line that is loaded with its account and customer; one query."""
    use = np.zeros((MEASURE_COUNT, 1, len(months)))
    rows = UsageMonth.objects.filter(subscriber=line, month__range=(months[0], months[-1]))
    for month, seconds, megabytes, messages in rows.values_list("month", "voice_out_s", "data_mb", "sms_out"):
        use[:, 0, months.index(month)] = seconds / 60, megabytes, messages
    bandwidth = np.nan if line.bandwidth_mbps is None else line.bandwidth_mbps
    lines = Lines(
        plan=np.array([line.plan_id]),
        firm=np.array([line.account.customer.kind in FIRMS]),
        bandwidth=np.array([bandwidth], float),
        use=use,
        counted=np.array([[line.activated_on <= month for month in months]]),
    )
    return Block(np.array([line.pk]), np.array([(as_of - line.activated_on).days]), lines)


def _use_of(ids: np.ndarray, rows: pa.Table, begins: np.ndarray) -> np.ndarray:
    """measures x lines x months: minutes, MB, messages."""
    use = np.zeros((MEASURE_COUNT, len(ids), len(begins)))
    if not len(ids) or not rows.num_rows:
        return use
    line = rows["subscriber_id"].to_numpy()
    month = np.searchsorted(begins, rows["month"].cast(pa.int32()).to_numpy())
    place = np.minimum(np.searchsorted(ids, line), len(ids) - 1)
    known = ids[place] == line
    place, month = place[known], month[known]
    use[VOICE, place, month] = rows["voice_out_s"].to_numpy()[known] / 60
    use[DATA, place, month] = rows["data_mb"].to_numpy()[known]
    use[MESSAGES, place, month] = rows["sms_out"].to_numpy()[known]
    return use
