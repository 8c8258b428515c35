"""Every scored line as a few columns in memory, read once per night and process: the planner's input.

About 24 bytes a line. A process keeps those of the few branches that were asked for last, until lines are scored again.
"""

import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

import numpy as np
import pyarrow as pa
from django.db.models import Max
from django.utils import timezone

from analytics.churn.queries.versions import newest_scoring
from analytics.valuation.models import TreatmentKind
from analytics.valuation.rules.economics import COHORTS, KINDS, LINE_TYPES, UNKNOWN_COHORT, UNKNOWN_TYPE, Lines, places
from analytics.warnings.queries import DEFAULT_ORDER, EXPORT_CHUNK, with_contacts, with_reasons
from customers.fields.choices import WARNING_TIERS, RiskTier
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.db.copy import copy_out

TIERS = tuple(RiskTier.values)
CACHED_SCOPES, FRESH_SECONDS = 4, 6 * 3600.0
PROFILE_COLUMNS = ("subscriber_id", "branch_id", "risk_probability", "spend", "tenure_cohort", "line_type", "risk_tier")
Key = tuple[object, date | None, int | None]


@dataclass(frozen=True)
class ScoredLines:
    """as_of: the newest night of scores; subscriber, branch: ids; tier: places in TIERS."""

    as_of: date | None
    lines: Lines
    subscriber: np.ndarray
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
    return ScoredLines(
        as_of, lines, table["subscriber_id"].to_numpy(), table["branch_id"].to_numpy(),
        places(table["risk_tier"], TIERS, 0),
    )  # fmt: skip


@dataclass(frozen=True)
class PlannedLines:
    """The lines of a campaign by pages, for DirectoryData. ids: the highest gain first; kind (in KINDS) and gain of
    each."""

    user: User
    now: datetime
    ids: np.ndarray
    kind: np.ndarray
    gain: np.ndarray
    order = DEFAULT_ORDER
    line_type = ""

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @property
    def count(self) -> int:
        return len(self.ids)

    def lines(self, start: int, stop: int) -> list[SubscriberProfile]:
        """The lines at these places as the warning list has them, with the plan's `expected_gain` and `treatment`."""
        ids = self.ids[start:stop].tolist()
        plan = dict(
            zip(ids, zip(self.kind[start:stop].tolist(), self.gain[start:stop].tolist(), strict=True), strict=True)
        )
        seen = set(SubscriberProfile.objects.visible_to(self.user).filter(pk__in=ids).values_list("pk", flat=True))
        lines = with_contacts(
            with_reasons([pk for pk in ids if pk in seen], today=self.today), user=self.user, now=self.now
        )
        for line in lines:
            kind, line.expected_gain = plan[line.pk]
            line.treatment = TreatmentKind(KINDS[kind])
        return lines

    def every_line(self) -> Iterator[SubscriberProfile]:
        """All, a chunk at a time, for exports."""
        for start in range(0, self.count, EXPORT_CHUNK):
            yield from self.lines(start, min(start + EXPORT_CHUNK, self.count))
