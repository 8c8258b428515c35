"""Monthly lists: frozen on the night of a month's end, and counted afterwards: who left, who was contacted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.churn.text import missing_model
from analytics.warnings.models import ListResult, WarningEntry, WarningList
from analytics.warnings.services.deliveries import deliver
from customers.contacts.models import ContactRecord
from customers.facts.models import Subscriber
from customers.fields.attributes import custom_fields_by_key
from customers.fields.choices import VOLUNTARY_REASONS, WARNING_TIERS
from customers.fields.spend import monthly_spend_sql
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from customers.risk.text.reasons import Reason, format_reasons
from retention.core.audit import services as audit
from retention.core.db.transaction_locks import lock_table
from retention.core.errors import Invalid

# Lists are evaluated for this long; later departures have causes that the list could not know.
JUDGED_FOR = timedelta(days=92)

_COUNT_RESULTS = f"""
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


def count_results(*, as_of: date) -> int:
    """Recount the results of each list of the last three months, as of the end of `as_of`. Returns the rows written."""
    rows = 0
    lists = WarningList.objects.frozen().filter(dated__gt=as_of - JUDGED_FOR, dated__lte=as_of + timedelta(days=1))
    with connection.cursor() as cursor:
        for one in lists:
            cursor.execute(
                _COUNT_RESULTS,
                {
                    "list": one.pk,
                    "dated": one.dated,
                    "as_of": as_of,
                    "since": _start_of_day(one.dated),
                    "until": _start_of_day(as_of + timedelta(days=1)),
                    "voluntary": list(VOLUNTARY_REASONS),
                    "zone": timezone.get_current_timezone_name(),
                },
            )
            rows += cursor.rowcount
    return rows


@dataclass(frozen=True)
class EntryOutcome:
    """A line since the list: left_on and why, None while it is here; contacted_on, None when there was no contact."""

    left_on: date | None
    why: str
    contacted_on: date | None
    reasons: Sequence[Reason]


def entry_outcomes(entries: Sequence[WarningEntry], dated: date) -> dict[int, EntryOutcome]:
    """{subscriber id: its outcome}, as of now; one query besides the entries, for any number."""
    touched = _contacts([entry.subscriber_id for entry in entries], dated)
    custom = custom_fields_by_key()
    found = {}
    for entry in entries:
        line = entry.subscriber
        gone = line.terminated_on is not None and line.terminated_on >= dated
        found[entry.subscriber_id] = EntryOutcome(
            left_on=line.terminated_on if gone else None,
            why=line.termination_reason if gone else "",
            contacted_on=touched.get(entry.subscriber_id),
            reasons=format_reasons(entry.reasons, for_agent=False, custom=custom),
        )
    return found


def _contacts(subscribers: Sequence[int], dated: date) -> Mapping[int, date]:
    used = ContactRecord.objects.filter(
        subscriber__in=subscribers, state=ContactRecord.State.USED, at__gte=_start_of_day(dated)
    )
    return {pk: timezone.localtime(at).date() for pk, at in used.order_by("-at").values_list("subscriber_id", "at")}


def _start_of_day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


_INSERT_ENTRIES = f"""
INSERT INTO {WarningEntry._meta.db_table}
    (warning_list_id, place, subscriber_id, branch_id, line_type, cohort, tier, decile, probability, expected_gain,
     monthly_spend, reasons)
SELECT %(list)s,
       row_number() OVER (ORDER BY r.expected_gain DESC NULLS LAST, r.probability DESC, r.subscriber_id),
       r.subscriber_id, p.branch_id, p.line_type, r.cohort, r.tier, r.decile, r.probability, r.expected_gain,
       {monthly_spend_sql("p")}, r.reasons
FROM {RiskScore._meta.db_table} r
JOIN {SubscriberProfile._meta.db_table} p ON p.subscriber_id = r.subscriber_id
WHERE r.as_of = %(as_of)s AND r.tier IN ({", ".join(f"'{tier}'" for tier in WARNING_TIERS)})
"""


@dataclass(frozen=True)
class FreezeReport:
    """rows: entries written; sent: managers who were told; missing: why a month end has no list."""

    rows: int = 0
    sent: int = 0
    missing: str | None = None


def freeze_list(*, as_of: date, now: datetime, dated: date | None = None) -> FreezeReport:
    """Freeze the list that begins the month after `as_of`, and send it to the branch managers, in one transaction.

    dated: the first of the month that the list is for, where its own night had no scores and this one makes it up.

    Nothing on every night but a month's last, when the night has no scores (the report says why), and when the list is
    frozen already.
    Invalid before the day is over: a frozen list stays for good.
    """
    dated = dated or as_of + timedelta(days=1)
    if dated.day != 1:
        return FreezeReport()
    if timezone.localtime(now).date() <= as_of:
        raise Invalid(_("%(day)s is not over yet: its list cannot be frozen.") % {"day": as_of}, code="day_not_over")
    with transaction.atomic(), connection.cursor() as cursor:
        lock_table(WarningList)
        if WarningList.objects.filter(dated=dated).exists():
            return FreezeReport()
        score = RiskScore.objects.filter(as_of=as_of).order_by("-probability").values("model_version").first()
        if score is None:
            return FreezeReport(missing=missing_model() or _("the night has no scores"))
        made = WarningList.objects.create(dated=dated, as_of=as_of, model_version=score["model_version"])
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(_INSERT_ENTRIES, {"list": made.pk, "as_of": as_of})
        made.lines, made.frozen_at = cursor.rowcount, now
        made.save(update_fields=["lines", "frozen_at"])
        count_results(as_of=as_of)
        sent = deliver(warning_list=made, now=now)
        audit.record(
            actor=None, action="warning_list.freeze", target=f"warning_list:{made}", lines=made.lines, sent=sent
        )
    return FreezeReport(made.lines, sent)
