"""Every scored line as a few columns in memory, read once per night and process: the planner's input.

About 16 bytes a line. A process keeps those of the few branches that were asked for last, until lines are scored again.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock

import numpy as np
import pyarrow as pa
from django.db.models import Max

from analytics.churn.queries.versions import newest_scoring
from analytics.valuation.rules.economics import COHORTS, LINE_TYPES, UNKNOWN_COHORT, UNKNOWN_TYPE, Lines, places
from customers.fields.choices import WARNING_TIERS, RiskTier
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.db.copy import copy_out

TIERS = tuple(RiskTier.values)
CACHED_SCOPES, FRESH_SECONDS = 4, 6 * 3600.0
PROFILE_COLUMNS = ("branch_id", "risk_probability", "spend", "tenure_cohort", "line_type", "risk_tier")
Key = tuple[object, date | None, int | None]


@dataclass(frozen=True)
class ScoredLines:
    """as_of: the newest night of scores; branch: ids; tier: places in TIERS."""

    as_of: date | None
    lines: Lines
    branch: np.ndarray
    tier: np.ndarray

    def where(self, mask: np.ndarray) -> Lines:
        lines = self.lines
        return Lines(lines.probability[mask], lines.spend[mask], lines.cohort[mask], lines.line_type[mask])

    def __len__(self) -> int:
        return len(self.branch)


_cache: "OrderedDict[Key, tuple[float, ScoredLines]]" = OrderedDict()
_lock = Lock()


def scored_lines(user: User) -> ScoredLines:
    """The scored lines that this person may see. Costs a second a million lines the first time, then nothing."""
    scope: object = "all" if user.role == Role.ADMINISTRATOR else ("branch", user.branch_id)
    if user.role not in {Role.ADMINISTRATOR, Role.MANAGER, Role.ANALYST}:
        scope = ("user", user.pk)
    newest = RiskScore.objects.filter(tier__in=WARNING_TIERS).aggregate(newest=Max("as_of"))["newest"]
    run = newest_scoring()
    key = (scope, newest, run.pk if run else None)
    with _lock:
        found = _cache.get(key)
        if found and time.monotonic() - found[0] < FRESH_SECONDS:
            _cache.move_to_end(key)
            return found[1]
    read = _read(user, newest)
    with _lock:
        _cache[key] = (time.monotonic(), read)
        _cache.move_to_end(key)
        while len(_cache) > CACHED_SCOPES:
            _cache.popitem(last=False)
    return read


def clear_cache() -> None:
    """Read anew the next time."""
    with _lock:
        _cache.clear()


def _read(user: User, as_of: date | None) -> ScoredLines:
    seen = SubscriberProfile.objects.visible_to(user).filter(risk_probability__isnull=False).order_by()
    rows = seen.annotate(spend=MONTHLY_SPEND).values(*PROFILE_COLUMNS)
    table = copy_out(rows, types={"spend": pa.float32()}).to_pandas()
    lines = Lines(
        table["risk_probability"].to_numpy(dtype=np.float32), table["spend"].to_numpy(dtype=np.float32),
        places(table["tenure_cohort"], COHORTS, UNKNOWN_COHORT), places(table["line_type"], LINE_TYPES, UNKNOWN_TYPE),
    )  # fmt: skip
    return ScoredLines(as_of, lines, table["branch_id"].to_numpy(), places(table["risk_tier"], TIERS, 0))
