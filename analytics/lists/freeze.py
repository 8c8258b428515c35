"""Freezing the list on the night of a month's end."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from analytics.lists.deliver import deliver
from analytics.lists.results import count_results
from analytics.models import WarningEntry, WarningList
from customers.models import RiskScore, SubscriberProfile
from customers.models.risk import WARNED
from retention.core import audit

_ENTRIES = f"""
INSERT INTO {WarningEntry._meta.db_table}
    (warning_list_id, place, subscriber_id, branch_id, line_type, cohort, tier, decile, probability, expected_gain,
     monthly_spend, reasons)
SELECT %(list)s,
       row_number() OVER (ORDER BY r.expected_gain DESC NULLS LAST, r.probability DESC, r.subscriber_id),
       r.subscriber_id, p.branch_id, p.line_type, r.cohort, r.tier, r.decile, r.probability, r.expected_gain,
       coalesce(p.arpu, p.plan_fee), r.reasons
FROM {RiskScore._meta.db_table} r
JOIN {SubscriberProfile._meta.db_table} p ON p.subscriber_id = r.subscriber_id
WHERE r.as_of = %(as_of)s AND r.tier IN ({", ".join(f"'{tier}'" for tier in WARNED)})
"""


def freeze_list(*, as_of: date, now: datetime) -> dict[str, int]:
    """Freeze the list that begins the month after `as_of`, and send it to the branch managers, in one transaction.

    {"rows": entries written}: 0 on every night but a month's last, when the night has no scores, and when the list is
    frozen already. {"sent": managers}.
    """
    dated = as_of + timedelta(days=1)
    if dated.day != 1:
        return {"rows": 0}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {WarningList._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        score = RiskScore.objects.filter(as_of=as_of).order_by("-probability").values("model_version").first()
        if score is None or WarningList.objects.filter(dated=dated).exists():
            return {"rows": 0}
        made = WarningList.objects.create(dated=dated, as_of=as_of, model_version=score["model_version"])
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(_ENTRIES, {"list": made.pk, "as_of": as_of})
        made.lines, made.frozen_at = cursor.rowcount, now
        made.save(update_fields=["lines", "frozen_at"])
        count_results(as_of=as_of)
        sent = deliver(warning_list=made, now=now)
        audit.record(
            actor=None, action="warning_list.freeze", target=f"warning_list:{made}", lines=made.lines, sent=sent
        )
    return {"rows": made.lines, "sent": sent}
