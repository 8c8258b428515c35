"""How long to wait before asking again. Two clocks: one for an event that is refused, one for a receiver that is down.

A receiver that is down is asked with one event at a time; the other events wait for it without being tried. It is asked
at least every quarter of a minute at first, so that after a short outage everything is delivered within the minute.
"""

import random
from datetime import timedelta

GIVE_UP_AFTER = timedelta(hours=72)
REFUSED = (5, 30, 120, 600, 3600)
DOWN_AT_FIRST = (5, 10, 15)
# (outage shorter than this, pause), seconds.
DOWN_LATER = ((3600, 120), (24 * 3600, 600))
DOWN_AT_LAST = 3600
FIRST = 600
SPREAD = 0.1


def after_refusal(refusals: int) -> timedelta:
    """Before an event is sent again that was refused `refusals` times (from 1) by a receiver that is up."""
    return _spread(REFUSED[min(refusals, len(REFUSED)) - 1])


def while_down(*, lasting: timedelta, failures: int) -> timedelta:
    """Before a receiver is asked again that has failed `failures` times in a row (from 1), `lasting` so long."""
    seconds = lasting.total_seconds()
    if seconds < FIRST:
        return _spread(DOWN_AT_FIRST[min(failures, len(DOWN_AT_FIRST)) - 1])
    return _spread(next((pause for shorter, pause in DOWN_LATER if seconds < shorter), DOWN_AT_LAST))


def _spread(seconds: float) -> timedelta:
    """A little less, at random: receivers that fell together are not asked together, and no bound is passed."""
    return timedelta(seconds=seconds * random.uniform(1 - SPREAD, 1))
