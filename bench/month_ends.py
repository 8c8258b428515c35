"""Six month ends of the whole base, made from the night's profile: what back-tests and migrations stand on."""

from datetime import date

from django.db import connection

from analytics.backtests.queries.replay import recent_month_ends
from customers.profile.services.snapshots import COLUMNS, SNAPSHOT_TABLE
from customers.risk.models import RiskScore
from retention.core.db import partitioned_tables

SCORE_COLUMNS = "probability, decile, tier, cohort, expected_gain, reasons, themes, model_version"
SCORES = RiskScore._meta.db_table
# Who has left since has no profile any more: the row of the next line stands for it.
_SNAPSHOT = f"""
INSERT INTO {SNAPSHOT_TABLE} (subscriber_id, as_of, {{columns}})
SELECT s.id, %(day)s, {{values}} FROM customers_subscriber s, LATERAL (
    SELECT * FROM customers_subscriberprofile p WHERE p.subscriber_id >= s.id ORDER BY p.subscriber_id LIMIT 1) p
WHERE s.activated_on <= %(day)s AND (s.terminated_on IS NULL OR s.terminated_on > %(day)s)
"""
_SCORES = f"""
INSERT INTO {SCORES} (subscriber_id, as_of, {SCORE_COLUMNS})
SELECT subscriber_id, %(day)s, {SCORE_COLUMNS} FROM {SCORES} WHERE as_of = %(night)s ON CONFLICT DO NOTHING
"""


def make_month_ends(night: date) -> list[date]:
    """Replace the snapshots and scores of the last month ends. Only ever called on the benchmarks' own database."""
    assert str(connection.settings_dict["NAME"]).endswith("_bench")
    days = recent_month_ends(night)
    names = [name for name in COLUMNS.split(", ") if name not in {"subscriber_id", "as_of"}]
    statement = _SNAPSHOT.format(columns=", ".join(names), values=", ".join(f"p.{name}" for name in names))
    for table in (SNAPSHOT_TABLE, SCORES):
        partitioned_tables.ensure_partitions(table, days)
    for day in days:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {SNAPSHOT_TABLE} WHERE as_of = %s", [day])
            cursor.execute(statement, {"day": day})
            cursor.execute(_SCORES, {"day": day, "night": night})
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {SNAPSHOT_TABLE}, {SCORES}")
    return days
