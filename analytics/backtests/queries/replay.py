"""The back-test of one rule: what it would have found at the last month ends, beside the base and the model's top."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
from django.db.models import Q
from django.utils.translation import gettext as _

from analytics.backtests.queries.base import count_lines, live_lines, snapshot_shares
from analytics.backtests.queries.scope import Scope
from analytics.backtests.queries.snapshots import hits, require_known, why_not
from analytics.backtests.queries.top import model_top
from analytics.backtests.rules import HEADLINE, MONTHS, WINDOWS, Backtest, Lines, MonthEnd, total
from analytics.valuation.rules.economics import KINDS, Economics, as_lines
from campaigns.audiences.rules import Group
from customers.fields.choices import VOLUNTARY_REASONS
from customers.profile.queries.snapshots import month_ends
from retention.core.accounts.models import Branch, User


def recent_month_ends(until: date) -> list[date]:
    return month_ends(until)[-MONTHS:]


def backtest(
    *, tree: Group, as_of: date, user: User, branch: Branch | None = None, cooldown_days: int = 0,
    cap: int | None = None, condition: Q | None = None,
) -> Backtest:  # fmt: skip
    """Of the lines of `branch` that `user` may see; departures are known until `as_of`.

    condition: in place of the rule's own, e.g. with other numbers in some branches.

    Invalid for a rule that no month end can answer. A fixed number of queries a month end, whatever it finds.
    """
    require_known(tree)
    days, scope, economics = recent_month_ends(as_of), Scope.of(tree, user=user, branch=branch), Economics.current()
    counted = count_lines(days)
    shares, base = snapshot_shares(counted), live_lines(counted, scope)
    found: dict[date, pd.DataFrame] = {}
    months, ordered = [], list[tuple[date, np.ndarray]]()
    for day in days:
        why = why_nothing(tree, day, shares[day])
        if why:
            months.append(MonthEnd(day, as_of, why))
            continue
        found[day] = lines = hits(tree, day, scope, condition=condition)
        due = customers_due(lines, day, ordered, cooldown_days)
        ordered.append((day, due))
        months.append(
            MonthEnd(
                day, as_of, share=shares[day], base=total(base[day].values()), found=count(lines),
                top=model_top(day, scope, round(len(lines) / shares[day])), due=len(due),
                gains=net_gains(lines, economics) if day + timedelta(days=HEADLINE) <= as_of else None,
            )
        )  # fmt: skip
    once = {window: _once(months, found, window) for window in WINDOWS}
    return Backtest(months, once, cap, scope.line_types)


def why_nothing(tree: Group, day: date, share: float) -> str:
    """As `why_not`, also for a month end without a snapshot."""
    return why_not(tree, day) if share else str(_("There is no snapshot of that day."))


def count(lines: pd.DataFrame) -> Lines:
    return Lines(
        len(lines),
        {window: int(left_by_choice(lines, window).sum()) for window in WINDOWS},
        {window: int(lines["after"].between(1, window).sum()) for window in WINDOWS},
    )


def left_by_choice(lines: pd.DataFrame, window: int) -> pd.Series:
    """Whether each line has left by choice within the window."""
    return lines["after"].between(1, window) & lines["reason"].isin(VOLUNTARY_REASONS)


def net_gains(lines: pd.DataFrame, economics: Economics) -> dict[str, float]:
    """{kind of treatment: yuan} for contacts with all of these lines, of which those left that have left since."""
    return {kind: float(gain_of_lines(lines, economics, kind).sum()) for kind in KINDS}


def gain_of_lines(lines: pd.DataFrame, economics: Economics, kind: str) -> np.ndarray:
    """Yuan for each line: of a contact of this kind, were those that have left since the ones that would have."""
    columns = as_lines(left_by_choice(lines, HEADLINE).to_numpy(dtype=np.float64), lines)
    cells = economics.cells(columns)
    return economics.gain_of(economics.at_stake(columns, cells), cells, KINDS.index(kind))


def customers_due(
    lines: pd.DataFrame, day: date, ordered: Sequence[tuple[date, np.ndarray]], cooldown_days: int
) -> np.ndarray:
    """Ids of the customers of the lines who are not resting since an order at one of the month ends before."""
    resting = [who for when, who in ordered if (day - when).days < cooldown_days]
    return np.setdiff1d(lines["customer"].to_numpy(), np.concatenate(resting) if resting else [])


def _once(months: Sequence[MonthEnd], found: Mapping[date, pd.DataFrame], window: int) -> int:
    known = [found[month.on]["line"].to_numpy() for month in months if month.knows(window)]
    return len(np.unique(np.concatenate(known))) if known else 0
