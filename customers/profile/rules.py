"""When what has arrived is far off the usual. Pure: figures in, measures out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import median

SHORT_SHARE = 0.8
# Half of the usual share is gone, or a rare measure is suddenly everywhere; beyond three times the noise of counting.
FELL_TO, ROSE_TO, ROSE_BY, NOISE = 0.5, 3.0, 0.2, 3.0
# A mean moves by so much when a unit changes: minutes for seconds, GB for MB, fen for yuan.
UNIT_FACTOR = 5.0
ENOUGH_FOR_A_MEAN = 50
# Of what comes for other people each day, shares differ widely: only next to nothing is a fault.
HOLLOW_SHARE, ENOUGH_TO_BE_HOLLOW = 0.1, 25


@dataclass(frozen=True)
class Tally:
    """Rows of one date. used: in how many of them a measure is above zero; total: its sum."""

    rows: int = 0
    used: Mapping[str, float] = field(default_factory=dict)
    total: Mapping[str, float] = field(default_factory=dict)

    def share(self, measure: str) -> float:
        return self.used[measure] / self.rows

    def mean(self, measure: str) -> float:
        """Of the rows in which it is above zero."""
        return self.total[measure] / self.used[measure]


def usual_of(tallies: Iterable[Tally]) -> Tally | None:
    """The medians of dates that brought rows; of a measure, of those on which it was used. None without any."""
    known = [one for one in tallies if one.rows]
    if not known:
        return None
    rows = median(one.rows for one in known)
    used, total = {}, {}
    for measure in known[0].used:
        with_use = [one for one in known if one.used[measure]]
        share = median(one.share(measure) for one in with_use) if with_use else 0.0
        used[measure] = share * rows
        total[measure] = used[measure] * median(one.mean(measure) for one in with_use) if with_use else 0.0
    return Tally(int(rows), used, total)


def is_short(found: Tally, usual: Tally) -> bool:
    return found.rows < SHORT_SHARE * usual.rows


def measures_far_off(found: Tally, usual: Tally) -> list[str]:
    """The measures whose share of rows with use, or whose mean, is far off the usual. Small numbers never are."""
    return [measure for measure in usual.used if found.rows and usual.used[measure] and _is_off(measure, found, usual)]


def _is_off(measure: str, found: Tally, usual: Tally) -> bool:
    share, now = usual.share(measure), found.used[measure]
    expected = share * found.rows
    noise = NOISE * sqrt(expected)
    if now < FELL_TO * expected - noise or now > (ROSE_TO * share + ROSE_BY) * found.rows + noise:
        return True
    if min(now, usual.used[measure]) < ENOUGH_FOR_A_MEAN or not usual.mean(measure):
        return False
    moved = found.mean(measure) / usual.mean(measure)
    return not 1 / UNIT_FACTOR <= moved <= UNIT_FACTOR


def is_hollow(found: Tally, usual: Tally, measure: str) -> bool:
    """Whether next to no row has a value above zero where many should."""
    expected = usual.share(measure) * found.rows
    return expected >= ENOUGH_TO_BE_HOLLOW and found.used[measure] < HOLLOW_SHARE * expected


def usual_on_weekday(days: Sequence[Tally], back: int) -> Tally | None:
    """The usual of the same weekdays before the day `back` days ago; of all days before it where they are too few.

    None where nothing is known, also of a weekday that has brought no rows for weeks in which others did.
    days: newest first, an empty Tally for a day without rows.
    """
    before = days[back + 1 :]
    weekdays = [one for one in before[6::7] if one.rows]
    if not weekdays and any(one.rows for one in before[14:]):
        return None
    return usual_of(weekdays if len(weekdays) > 1 else before)
