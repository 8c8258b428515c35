"""What became of the lists: who has left since, who was contacted; so that a list can be judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from analytics.models import ListResult, WarningEntry, WarningList
from customers.models import ContactRecord, Subscriber
from customers.reasons import Reason, custom_labels, sentences

# Lists are judged for so long; what is left of the base then leaves for reasons the list could not know.
JUDGED = timedelta(days=92)
VOLUNTARY = (Subscriber.Reason.VOLUNTARY, Subscriber.Reason.PORT_OUT)

_COUNT = f"""
WITH touched AS (
    SELECT c.subscriber_id, min(c.at) AS at FROM {ContactRecord._meta.db_table} c
    WHERE c.state = '{ContactRecord.State.USED}' AND c.at >= %(since)s AND c.at < %(until)s
    GROUP BY c.subscriber_id
),
fates AS (
    SELECT e.branch_id, e.probability, t.at,
           s.terminated_on IS NOT NULL AND s.termination_reason = ANY(%(voluntary)s) AS wanted,
           s.terminated_on
    FROM {WarningEntry._meta.db_table} e
    LEFT JOIN {Subscriber._meta.db_table} s
           ON s.id = e.subscriber_id AND s.terminated_on BETWEEN %(dated)s AND %(as_of)s
    LEFT JOIN touched t ON t.subscriber_id = e.subscriber_id
    WHERE e.warning_list_id = %(list)s
)
INSERT INTO {ListResult._meta.db_table} AS r
    (warning_list_id, branch_id, counted_on, lines, expected, "left", other_left, contacted, contacted_left)
SELECT %(list)s, branch_id, %(as_of)s, count(*), sum(probability), count(*) FILTER (WHERE wanted),
       count(*) FILTER (WHERE terminated_on IS NOT NULL AND NOT wanted), count(at),
       count(*) FILTER (WHERE wanted AND (at AT TIME ZONE %(zone)s)::date <= terminated_on)
FROM fates GROUP BY branch_id
ON CONFLICT (warning_list_id, branch_id) DO UPDATE
SET (counted_on, lines, expected, "left", other_left, contacted, contacted_left)
    = ROW (excluded.counted_on, excluded.lines, excluded.expected, excluded."left", excluded.other_left,
           excluded.contacted, excluded.contacted_left)
WHERE r.counted_on <= excluded.counted_on
"""


def count_results(*, as_of: date) -> dict[str, int]:
    """Count anew what became of each list of the last three months, as of the end of `as_of`. {"rows": counts}."""
    rows = 0
    lists = WarningList.objects.frozen().filter(dated__gt=as_of - JUDGED, dated__lte=as_of + timedelta(days=1))
    with connection.cursor() as cursor:
        for one in lists:
            cursor.execute(
                _COUNT,
                {
                    "list": one.pk,
                    "dated": one.dated,
                    "as_of": as_of,
                    "since": _begin(one.dated),
                    "until": _begin(as_of + timedelta(days=1)),
                    "voluntary": [reason.value for reason in VOLUNTARY],
                    "zone": timezone.get_current_timezone_name(),
                },
            )
            rows += cursor.rowcount
    return {"rows": rows}


@dataclass(frozen=True)
class Fate:
    """A line since the list: left_on and why, None while it is here; contacted_on, None when nobody did."""

    left_on: date | None
    why: str
    contacted_on: date | None
    reasons: Sequence[Reason]


def fates(entries: Sequence[WarningEntry], dated: date) -> dict[int, Fate]:
    """{subscriber id: what became of it}, as things stand now; one query besides the entries, however many."""
    touched = _contacts([entry.subscriber_id for entry in entries], dated)
    custom = custom_labels()
    found = {}
    for entry in entries:
        line = entry.subscriber
        gone = line.terminated_on is not None and line.terminated_on >= dated
        found[entry.subscriber_id] = Fate(
            left_on=line.terminated_on if gone else None,
            why=line.termination_reason if gone else "",
            contacted_on=touched.get(entry.subscriber_id),
            reasons=sentences(entry.reasons, for_agent=False, custom=custom),
        )
    return found


def _contacts(subscribers: Sequence[int], dated: date) -> Mapping[int, date]:
    used = ContactRecord.objects.filter(
        subscriber__in=subscribers, state=ContactRecord.State.USED, at__gte=_begin(dated)
    )
    return {pk: timezone.localtime(at).date() for pk, at in used.order_by("-at").values_list("subscriber_id", "at")}


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
