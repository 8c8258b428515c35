"""Calls that are open: what a switch that can be asked says of them, and which are lost."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from workorders.telephony.models import Call
from workorders.telephony.services.recording import record_events, record_own
from workorders.telephony.states import CallState, EventKind
from workorders.telephony.switches import telephone
from workorders.telephony.switches.base import Placed

# So long after the switch should have given up ringing, and after an answer, it may still say something.
RINGING_GRACE, LONGEST_CALL = timedelta(seconds=60), timedelta(hours=4)


def follow(*, call: Call, now: datetime) -> Call:
    """The call as it stands now. Only a switch that can be asked is asked."""
    if telephone().can_ask:
        hung_up_at = call.events.filter(kind=EventKind.HUNG_UP).values_list("at", flat=True).first()
        found = telephone().events(Placed(call.reference, call.started_at, hung_up_at), now=now)
        known = set(call.events.values_list("event_no", flat=True))
        if rows := [one for one in found if one.event_no not in known]:
            record_events(rows=rows, now=now)
            call.refresh_from_db()
    return call


def follow_open_calls(*, now: datetime) -> int:
    """Follow all open calls, and end those of which nothing more is to be heard; how many were lost. May run twice."""
    for call in Call.objects.open():
        follow(call=call, now=now)
    rings_until = now - timedelta(seconds=settings.CALL_TIMEOUT) - RINGING_GRACE
    ringing = ~Q(state=CallState.TALKING) & Q(started_at__lt=rings_until)
    talking = Q(state=CallState.TALKING, answered_at__lt=now - LONGEST_CALL)
    lost = list(Call.objects.open().filter(ringing | talking))
    for call in lost:
        record_own(call=call, kind=EventKind.LOST, now=now)
    return len(lost)
