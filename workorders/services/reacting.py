"""From what happens to lines to orders, at once: called every 20 seconds and whenever billing sends events."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from campaigns.scenarios.services.events import react_to_events
from workorders.services.opening import open_from_hits


def react(*, now: datetime) -> dict[str, Any]:
    """Let the event scenarios look at new events, and open or raise the orders they ask for.

    What a run that was killed left half done is done by the next one; two at once do it once. Gives back the counts of
    `react_to_events` and `open_from_hits`.
    """
    found = react_to_events(now=now)
    return found | open_from_hits(as_of=timezone.localtime(now).date(), now=now, only_events=True)
