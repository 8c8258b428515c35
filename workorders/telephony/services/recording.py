"""Events of calls are written down, and each call stands where all of its events leave it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from workorders.pauses.services import restart_wrap_up
from workorders.telephony.models import Call, CallEvent
from workorders.telephony.states import Event, EventKind, stand
from workorders.telephony.switches.base import Reported


class EventResult(StrEnum):
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown_reference"


@transaction.atomic
def record_events(*, rows: Sequence[Reported], now: datetime) -> list[EventResult]:
    """Write down what has happened to calls; the answers are in the order of the rows.

    An event whose number is known changes nothing. Late ones take their place by the moment at which they happened.
    """
    found = Call.objects.filter(reference__in={row.reference for row in rows})
    calls = {call.reference: call for call in found.select_for_update(no_key=True).order_by("pk")}
    known = set(CallEvent.objects.filter(call__in=calls.values()).values_list("call", "event_no"))
    new, results = [], []
    for row in rows:
        call = calls.get(row.reference)
        if call is None:
            results.append(EventResult.UNKNOWN)
        elif (call.pk, row.event_no) in known:
            results.append(EventResult.UNCHANGED)
        else:
            known.add((call.pk, row.event_no))
            new.append(_event(call, row, now))
            results.append(EventResult.APPLIED)
    CallEvent.objects.bulk_create(new)
    _settle([call for call in calls.values() if call.pk in {one.call_id for one in new}])
    return results


def record_own(*, call: Call, kind: EventKind, now: datetime) -> None:
    """One of our own events; of each kind a call has at most one."""
    record_events(rows=[Reported(f"own-{kind}", call.reference, Event(kind, now))], now=now)
    call.refresh_from_db()


def _event(call: Call, row: Reported, now: datetime) -> CallEvent:
    one = row.event
    return CallEvent(
        call=call, event_no=row.event_no, kind=one.kind, at=one.at, received_at=now, seconds=one.seconds,
        recording=one.recording, by=one.by,
    )  # fmt: skip


def _settle(calls: Sequence[Call]) -> None:
    facts: dict[int, list[Event]] = defaultdict(list)
    for one in CallEvent.objects.filter(call__in=calls):
        facts[one.call_id].append(one.fact)
    for call in calls:
        was_open = call.is_open
        now = stand(call.started_at, facts[call.pk])
        call.state, call.answered_at, call.ended_at = now.state, now.answered_at, now.ended_at
        call.ended_because, call.recording = now.because, now.recording
        if was_open and call.ended_at is not None:
            restart_wrap_up(order_id=call.order_id, agent_id=call.agent_id, at=call.ended_at)
    Call.objects.bulk_update(calls, ["state", "answered_at", "ended_at", "ended_because", "recording"])
