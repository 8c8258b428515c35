"""Readings against rules: alerts open, continue and close in one transaction; people are notified once."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction

from retention.core.alerts.models import Alert
from retention.core.alerts.rules import Reading, Rule, Severity
from retention.core.alerts.services.notifying import notify_people
from retention.core.alerts.states import State, continue_state, open_state
from retention.core.db import transaction_locks
from retention.core.db.locks import LOCK_SPACES

JUDGING_LOCK = LOCK_SPACES.declare(7313, "judging alerts")
STATE_FIELDS = [field.name for field in fields(State)]
Key = tuple[str, str]
ROWS_PER_UPDATE = 500


@dataclass(frozen=True)
class Judgement:
    """Alerts that this judging opened, made more severe, and closed."""

    opened: list[Alert]
    worsened: list[Alert]
    closed: list[Alert]


@transaction.atomic
def judge(
    *, readings: Iterable[Reading], rules: Mapping[str, Rule], as_of: datetime, now: datetime, source: str = ""
) -> Judgement:
    """Hold readings taken at `as_of` against the rules of their kinds ({kind: rule}).

    Every reading's kind must have a rule; the last of two readings with one kind and subject counts. Of the kinds in
    `rules`, an open alert without a reading stays as it is, one of another source closes, and one that was judged at a
    later `as_of` is left alone. Judging the same readings again changes nothing and sends no notice. Serialised by a
    transaction lock over all judging, so that two processes never open the same alert.
    """
    transaction_locks.lock(JUDGING_LOCK, 0)
    judged = {(one.kind, one.subject): one for one in readings if rules[one.kind].judges(one)}
    standing = list(Alert.objects.select_for_update().of_kinds(list(rules)).open())
    closed = _close_other_sources(standing, source, as_of)
    worsened = _continue(standing, judged, rules, as_of)
    closed += [alert for alert in standing if alert.closed_at is not None and alert.source == source]
    touched = [alert for alert in standing if alert.seen_at == as_of or alert.closed_at is not None]
    Alert.objects.bulk_update(touched, [*STATE_FIELDS, "detail", "snoozed_until"], batch_size=ROWS_PER_UPDATE)
    opened = Alert.objects.bulk_create(
        _opened(reading, rules[reading.kind], as_of, source)
        for reading in judged.values()
        if rules[reading.kind].opens(reading.value)
    )
    notify_people(alerts=[*opened, *worsened], now=now)
    return Judgement(opened, worsened, closed)


def _close_other_sources(standing: list[Alert], source: str, as_of: datetime) -> list[Alert]:
    others = [alert for alert in standing if alert.source != source and alert.seen_at <= as_of]
    for alert in others:
        alert.closed_at = as_of
    return others


def _continue(
    standing: list[Alert], judged: dict[Key, Reading], rules: Mapping[str, Rule], as_of: datetime
) -> list[Alert]:
    """Bring open alerts up to their readings, which leave `judged`. Returns those that became more severe."""
    worsened = []
    for alert in standing:
        if alert.closed_at is not None:
            continue
        reading = judged.pop((alert.kind, alert.subject), None)
        if reading is None or as_of < alert.seen_at:
            continue
        before = alert.severity
        _apply(alert, continue_state(_state_of(alert), rules[alert.kind], reading, as_of=as_of))
        alert.detail = dict(reading.detail)
        if alert.severity > before:
            # A snooze was meant for something less severe.
            alert.snoozed_until = None
            worsened.append(alert)
    return worsened


def _opened(reading: Reading, rule: Rule, as_of: datetime, source: str) -> Alert:
    state = asdict(open_state(rule, reading, as_of=as_of))
    return Alert(
        kind=reading.kind,
        subject=reading.subject,
        source=source,
        detail=dict(reading.detail),
        opened_at=as_of,
        **state,
    )


def _state_of(alert: Alert) -> State:
    values = {name: getattr(alert, name) for name in STATE_FIELDS}
    return State(**values | {"severity": Severity(alert.severity)})


def _apply(alert: Alert, state: State) -> None:
    for name in STATE_FIELDS:
        setattr(alert, name, getattr(state, name))
